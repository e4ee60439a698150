package dev.redrive.baanx;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxWire.EventRow;
import dev.redrive.baanx.EventReader.EventLog;
import dev.redrive.http.OutcomeGroups;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
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
   */
  private record Retry(Question question, DeliveryId id, int earlier) {}

  /** Passes on the outcomes of each event as soon as its log is read. */
  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    List<Question> questions = http.retries().questions(results, BaanxOutcomes::obstacle, reader);
    OutcomeGroups.readEach(
        http,
        OutcomeGroups.by(retry -> retry.id().eventId(), retries(questions)),
        (eventId, retries, handOver) -> {
          EventLog log = events.readIfThere(EventRow.named(eventId));
          handOver.accept(retries.stream().map(retry -> answer(retry, log)).toList());
        },
        reader);
  }

  private static @Nullable String obstacle(RetryResult result) {
    return DeliveryId.parse(result.key().id()) == null
        ? "its id is not of the form eventId/webhookId"
        : null;
  }

  private static List<Retry> retries(List<Question> questions) {
    var retriesOfAttempt = new HashMap<List<String>, List<RetryResult>>();
    var retries = new ArrayList<Retry>();
    for (Question question : questions) {
      RetryResult result = question.result();
      List<RetryResult> same =
          retriesOfAttempt.computeIfAbsent(
              List.of(question.id(), ProviderHttp.canonicalId(question.before().logId())),
              attempt -> new ArrayList<>());
      if (!same.contains(result)) {
        same.add(result);
      }
      var id = Objects.requireNonNull(DeliveryId.parse(result.key().id()));
      retries.add(new Retry(question, id, same.indexOf(result)));
    }
    return retries;
  }

  private RetryOutcome answer(Retry retry, EventLog log) {
    if (log.gone() != null) {
      return retry.question().unknown("Baanx no longer shows the event");
    }
    WebhookLog evidence = evidence(retry, log);
    return evidence == null
        ? withoutAttempt(retry.question(), log)
        : retry.question().shown(evidence);
  }

  /**
   * Returns the attempt that shows the outcome of a retry. If one attempt was retried several
   * times, each retry needs a new attempt of its own. But once the event is delivered, it is
   * delivered for all of them.
   */
  private static @Nullable WebhookLog evidence(Retry retry, EventLog log) {
    Attempts all = Attempts.byWebhook(log.attempts()).get(retry.id().webhookId());
    if (all == null) {
      return null;
    }
    List<WebhookLog> newer = all.after(retry.question().before()).oldestFirst();
    for (WebhookLog attempt : newer) {
      if (attempt.status() == DeliveryStatus.SUCCEEDED) {
        return attempt;
      }
    }
    return newer.size() > retry.earlier() ? newer.get(newer.size() - 1) : null;
  }

  private RetryOutcome withoutAttempt(Question question, EventLog log) {
    if (!eventStatus(log).isFinal()) {
      return question.pending("Baanx has not finished with the event yet");
    }
    if (!question.settled()) {
      return question.pending("no new attempt in the event's log yet");
    }
    if (question.isAccepted()) {
      return question.unknown("Baanx queued it, but the event's log shows no new attempt");
    }
    if (log.anyUnclear()) {
      return question.unknown(
          "the event's log has an attempt that cannot be read, which may be this one");
    }
    if (question.result().requestedAt().plus(BaanxApi.RETENTION).isBefore(http.now())) {
      return question.unknown("the retry is older than the 7 days for which Baanx keeps logs");
    }
    return question.notSent("no new attempt in the event's log");
  }

  private BaanxEvent.Status eventStatus(EventLog log) {
    String status =
        log.status() == null ? api.readEventStatus(log.eventId()).get().status() : log.status();
    return BaanxEvent.Status.of(status == null ? "" : status);
  }
}
