package dev.redrive.baanx;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.baanx.EventReader.EventLog;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the outcomes of retries from the logs of the events, with one read per event. */
final class BaanxOutcomes {
  private final ProviderHttp http;
  private final BaanxApi api;
  private final EventReader events;

  BaanxOutcomes(ProviderHttp http, BaanxApi api, EventReader events) {
    this.http = http;
    this.api = api;
    this.events = events;
  }

  /**
   * A retry whose outcome to read.
   *
   * @param earlier how many other retries of the same attempt come before it in the list
   * @param settled whether the settle time had passed before the logs were read
   */
  private record Question(RetryResult result, DeliveryId id, int earlier, boolean settled) {}

  /** Passes on the outcomes of each event as soon as its log is read. */
  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<RetryResult> toRead =
        http.retries().outcomesToRead(results, BaanxOutcomes::obstacle, reader);
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(question -> question.id().eventId(), questions(toRead)),
        (eventId, questions, handOver) -> {
          EventLog log = events.readIfThere(EventRow.named(eventId));
          handOver.accept(questions.stream().map(question -> answer(question, log)).toList());
        },
        reader);
  }

  private static @Nullable String obstacle(RetryResult result) {
    return DeliveryId.parse(result.key().id()) == null
        ? "its id is not of the form eventId/webhookId"
        : null;
  }

  private List<Question> questions(List<RetryResult> results) {
    var retriesOfAttempt = new HashMap<List<String>, List<RetryResult>>();
    var questions = new ArrayList<Question>();
    for (RetryResult result : results) {
      var id = Objects.requireNonNull(DeliveryId.parse(result.key().id()));
      List<RetryResult> same =
          retriesOfAttempt.computeIfAbsent(
              List.of(
                  ProviderHttp.canonicalId(result.key().id()),
                  ProviderHttp.canonicalId(result.delivery().latest().logId())),
              attempt -> new ArrayList<>());
      if (!same.contains(result)) {
        same.add(result);
      }
      questions.add(new Question(result, id, same.indexOf(result), http.hasSettled(result)));
    }
    return questions;
  }

  private RetryOutcome answer(Question question, EventLog log) {
    RetryResult result = question.result();
    if (log.gone() != null) {
      return RetryOutcome.of(
          result, RetryOutcome.Status.UNKNOWN, "Baanx no longer shows the event");
    }
    WebhookLog evidence = evidence(question, question.id().webhookId(), log);
    return evidence == null ? withoutAttempt(question, log) : RetryOutcome.of(result, evidence);
  }

  /**
   * Returns the attempt that shows the outcome of a retry. If one attempt was retried several
   * times, each retry needs a new attempt of its own. But once the event is delivered, it is
   * delivered for all of them.
   */
  private static @Nullable WebhookLog evidence(Question question, String webhookId, EventLog log) {
    Attempts all = Attempts.byWebhook(log.attempts()).get(webhookId);
    if (all == null) {
      return null;
    }
    List<WebhookLog> newer = all.after(question.result().delivery().latest()).oldestFirst();
    for (WebhookLog attempt : newer) {
      if (attempt.status() == DeliveryStatus.SUCCEEDED) {
        return attempt;
      }
    }
    return newer.size() > question.earlier() ? newer.get(newer.size() - 1) : null;
  }

  private RetryOutcome withoutAttempt(Question question, EventLog log) {
    RetryResult result = question.result();
    if (!eventStatus(log).isFinal()) {
      return RetryOutcome.of(
          result, RetryOutcome.Status.PENDING, "Baanx has not finished with the event yet");
    }
    if (!question.settled()) {
      return RetryOutcome.of(
          result, RetryOutcome.Status.PENDING, "no new attempt in the event's log yet");
    }
    if (result.status() == RetryResult.Status.ACCEPTED) {
      return RetryOutcome.of(
          result,
          RetryOutcome.Status.UNKNOWN,
          "Baanx queued it, but the event's log shows no new attempt");
    }
    if (log.anyUnclear()) {
      return RetryOutcome.of(
          result,
          RetryOutcome.Status.UNKNOWN,
          "the event's log has an attempt that cannot be read, which may be this one");
    }
    if (result.requestedAt().plus(BaanxApi.RETENTION).isBefore(http.now())) {
      return RetryOutcome.of(
          result,
          RetryOutcome.Status.UNKNOWN,
          "the retry is older than the 7 days for which Baanx keeps logs");
    }
    return RetryOutcome.of(
        result, RetryOutcome.Status.NOT_SENT, "no new attempt in the event's log");
  }

  private BaanxEvent.Status eventStatus(EventLog log) {
    String status =
        log.status() == null ? api.readEventStatus(log.eventId()).get().status() : log.status();
    return BaanxEvent.Status.of(status == null ? "" : status);
  }
}
