package dev.redrive.voiso;

import dev.redrive.RetryOutcome;
import dev.redrive.WebhookLog;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of retriggers from the list of API v4, and from single failures. */
final class OutcomesV4 {
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
    Period period = Period.of(questions);
    OutcomeGroups.readListed(
        open,
        VoisoV4Api.PAGE_SIZE,
        (offset, limit) -> failures.read(period.since(), period.until(), offset, limit),
        FailureRow::id,
        (question, row) -> VoisoOutcomes.shown(question, mapper.log(row)),
        reader);
    OutcomeGroups.readEach(
        http,
        open,
        (id, ofFailure, handOver) -> {
          WebhookLog log = failures.readOne(id);
          handOver.accept(
              ofFailure.stream()
                  .map(one -> log == null ? gone(one) : VoisoOutcomes.shown(one, log))
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
    Instant created = question.before().createdAt();
    return question.isAccepted()
            || (created != null && created.isAfter(http.now().minus(KEPT_AT_LEAST)))
        ? VoisoOutcomes.delivered(question)
        : question.unknown(
            "its record is gone: it was retriggered, or is too old for Voiso to keep");
  }

  /** The period in which the failures were created, by Voiso's clock; null for an unknown bound. */
  private record Period(@Nullable Instant since, @Nullable Instant until) {
    static Period of(List<Question> questions) {
      Instant since = null;
      Instant last = null;
      for (Question question : questions) {
        Instant created = question.before().createdAt();
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
