package dev.redrive.voiso;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What became of a retrigger shows in the list of v1 alone: gone, or back. */
final class OutcomesV1 {
  /** How far back from a retrigger its failure is sought, which was listed an hour before it. */
  private static final Duration SOUGHT = GenerationV1.RETENTION.minusHours(5);

  /** The furthest that is asked back: two hours after a retrigger, failures of its time age out. */
  private static final Duration REACH = GenerationV1.RETENTION.minusHours(3);

  private final ProviderHttp http;
  private final FailureListV1 failures;
  private final VoisoMapper mapper;

  OutcomesV1(ProviderHttp http, FailureListV1 failures, VoisoMapper mapper) {
    this.http = http;
    this.failures = failures;
    this.mapper = mapper;
  }

  /** What is listed is told after each page; that the others are not shows at the end. */
  void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    Map<String, List<Question>> open = OutcomeGroups.by(Question::id, questions);
    // Before any has settled, absence tells nothing: one pass is enough.
    int mostPasses = questions.stream().anyMatch(Question::settled) ? FailureListV1.MOST_PASSES : 1;
    Instant start = start(questions);
    NumberedPages<Recorded<FailureRow>> walk =
        failures.walk(() -> start, null, mostPasses, new LeftOutRows());
    var found = new ArrayList<RetryOutcome>();
    while (!open.isEmpty() && walk.hasNext()) {
      WebhookLog log = mapper.log(walk.next());
      List<Question> ofLog = open.remove(ProviderHttp.canonicalId(log.logId()));
      if (ofLog != null) {
        ofLog.forEach(question -> found.add(question.answer(log)));
      }
      if (!walk.isNextAtHand() && !found.isEmpty()) {
        reader.accept(List.copyOf(found));
        found.clear();
      }
    }
    open.values().stream()
        .flatMap(List::stream)
        .forEach(question -> found.add(unlisted(question, start, walk.isComplete())));
    if (!found.isEmpty()) {
      reader.accept(found);
    }
  }

  /** Where a list starts that shows every failure which may have been retriggered. */
  private Instant start(List<Question> questions) {
    Instant oldest = http.now().minus(REACH);
    return questions.stream()
        .map(OutcomesV1::sought)
        .filter(sought -> !sought.isBefore(oldest))
        .min(Comparator.naturalOrder())
        .orElse(oldest);
  }

  private static Instant sought(Question question) {
    return question.result().requestedAt().minus(SOUGHT);
  }

  private static RetryOutcome unlisted(Question question, Instant start, boolean complete) {
    FailedDelivery delivery = question.result().delivery();
    if (delivery.knownByIdAlone() && question.result().status() == RetryResult.Status.UNKNOWN) {
      return question.unknown("it was not seen in the list before: its absence tells nothing");
    }
    Instant created = delivery.latest().createdAt();
    // v1 may not tell when a failure was created: no earlier than what was listed then.
    Instant earliest = created == null ? sought(question) : created;
    if (earliest.isBefore(start)) {
      return question.unknown(
          "it may be older than the 31 days that API v1 lists: its absence tells nothing");
    }
    if (!question.settled()) {
      return question.pending("not listed as failed; it may still come back");
    }
    if (!complete) {
      return question.pending(
          "the list moved while it was read, or a row of it cannot be read; ask again");
    }
    return question.delivered();
  }
}
