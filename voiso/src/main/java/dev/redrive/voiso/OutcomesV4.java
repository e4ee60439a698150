package dev.redrive.voiso;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.PageReader;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of retriggers from the list of API v4, and from single failures. */
final class OutcomesV4 {
  /**
   * The least number of open failures for which a page of the list is read. For fewer, it may well
   * contain none of them.
   */
  private static final int WORTH_A_PAGE = 8;

  /** v4 documents no retention: this is the 31 days of v1, less one day in case clocks differ. */
  private static final Duration KEPT_AT_LEAST = Duration.ofDays(30);

  private final ProviderHttp http;
  private final FailureListV4 failures;
  private final VoisoMapper mapper;

  OutcomesV4(ProviderHttp http, FailureListV4 failures, VoisoMapper mapper) {
    this.http = http;
    this.failures = failures;
    this.mapper = mapper;
  }

  void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    Map<String, List<Question>> open = OutcomeGroups.by(Question::id, questions);
    readListed(open, Period.of(questions), reader);
    OutcomeGroups.readEach(
        http,
        open,
        (id, ofFailure, handOver) -> {
          WebhookLog log = failures.readOne(id);
          handOver.accept(
              ofFailure.stream()
                  .map(question -> log == null ? gone(question) : question.answer(log))
                  .toList());
        },
        reader);
  }

  /**
   * A retriggered failure leaves the list and comes back if it fails again (Voiso's documentation);
   * the documentation does not say whether it can be read in the meantime. So if a record stays
   * away, the event was delivered, by this retry or another. The exception is a record that is so
   * old that Voiso may no longer have it.
   */
  private RetryOutcome gone(Question question) {
    if (!question.settled()) {
      return question.pending("it is no longer shown, but may be shown again later");
    }
    boolean retriggered = question.result().status() == RetryResult.Status.ACCEPTED;
    Instant created = question.result().delivery().latest().createdAt();
    return retriggered || (created != null && created.isAfter(http.now().minus(KEPT_AT_LEAST)))
        ? question.delivered()
        : question.unknown(
            "its record is gone: it was retriggered, or is too old for Voiso to keep");
  }

  /**
   * Reads pages of the list, which have a hundred records each, as long as each page saves more
   * than one read by id. Rows may move meanwhile, because absence from a page is not used as
   * evidence.
   *
   * @param open the open questions; those that are answered are removed
   */
  private void readListed(
      Map<String, List<Question>> open, Period period, Consumer<List<RetryOutcome>> reader) {
    int offset = 0;
    boolean goOn = open.size() >= WORTH_A_PAGE;
    while (goOn) {
      PageReader.Page<Recorded<FailureRow>> page =
          failures.read(period.since(), period.until(), offset, VoisoV4Api.PAGE_SIZE);
      int before = open.size();
      var found = new ArrayList<RetryOutcome>();
      for (Recorded<FailureRow> row : page.rows()) {
        String id = row == null ? null : FailureRow.id(row);
        List<Question> ofRow = id == null ? null : open.remove(ProviderHttp.canonicalId(id));
        if (ofRow != null) {
          WebhookLog log = mapper.log(row);
          ofRow.forEach(question -> found.add(question.answer(log)));
        }
      }
      if (!found.isEmpty()) {
        reader.accept(found);
      }
      offset += page.rows().size();
      goOn = offset != page.total() && before - open.size() > 1 && open.size() > 1;
    }
  }

  /** The period in which the failures were created, by Voiso's clock; null for an unknown bound. */
  private record Period(@Nullable Instant since, @Nullable Instant until) {
    static Period of(List<Question> questions) {
      Instant since = null;
      Instant last = null;
      for (Question question : questions) {
        Instant created = question.result().delivery().latest().createdAt();
        if (created == null) {
          return new Period(null, null);
        }
        since = since == null || created.isBefore(since) ? created : since;
        last = last == null || created.isAfter(last) ? created : last;
      }
      return new Period(since, last == null ? null : last.plusSeconds(1));
    }
  }
}
