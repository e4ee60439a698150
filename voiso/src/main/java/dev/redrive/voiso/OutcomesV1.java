package dev.redrive.voiso;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import dev.redrive.http.Recorded;
import dev.redrive.voiso.VoisoWire.FailureRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the outcomes of retriggers from the list of API v1: a failure is either gone from it, or
 * listed again.
 */
final class OutcomesV1 {
  /**
   * How long before a retrigger its failure may have been created: it was listed at most an hour
   * before the retrigger.
   */
  private static final Duration SOUGHT = GenerationV1.RETENTION.minusHours(5);

  /**
   * How far back the list is read. The oldest failures drop out of it two hours after their
   * retrigger.
   */
  private static final Duration REACH = GenerationV1.RETENTION.minusHours(3);

  private final ProviderHttp http;
  private final FailureListV1 failures;
  private final VoisoMapper mapper;

  OutcomesV1(ProviderHttp http, FailureListV1 failures, VoisoMapper mapper) {
    this.http = http;
    this.failures = failures;
    this.mapper = mapper;
  }

  /** Passes on the outcomes of listed failures after each page, and the others at the end. */
  void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    Map<String, List<Question>> open = OutcomeGroups.by(Question::id, questions);
    // One pass is enough if absence is not evidence for any of them yet.
    int mostPasses = questions.stream().anyMatch(Question::settled) ? FailureListV1.MOST_PASSES : 1;
    Instant start = start(questions);
    NumberedPages<Recorded<FailureRow>> walk =
        failures.walk(() -> start, null, mostPasses, new LeftOutRows());
    var found = new ArrayList<RetryOutcome>();
    while (!open.isEmpty() && walk.hasNext()) {
      WebhookLog log = mapper.log(walk.next());
      List<Question> ofLog = open.remove(ProviderHttp.canonicalId(log.logId()));
      if (ofLog != null) {
        ofLog.forEach(question -> found.add(VoisoOutcomes.shown(question, log)));
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

  /** Returns the start of a list that shows all failures which may have been retriggered. */
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
    if (delivery.knownByIdAlone() && !question.isAccepted()) {
      return question.unknown("it was never seen in the list, so its absence is no evidence");
    }
    Instant created = delivery.latest().createdAt();
    // If v1 does not say when it was created: not earlier than the list went back then.
    Instant earliest = created == null ? sought(question) : created;
    if (earliest.isBefore(start)) {
      return question.unknown(
          "it may be older than the 31 days that API v1 lists, so its absence is no evidence");
    }
    if (!question.settled()) {
      return question.pending("it is not listed as failed, but may be listed again later");
    }
    if (!complete) {
      return question.pending(
          "the list moved while it was read, or has a row that cannot be read: ask again");
    }
    return VoisoOutcomes.delivered(question);
  }
}
