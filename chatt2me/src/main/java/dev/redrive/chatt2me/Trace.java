package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.Question;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the new attempt of one retry in the logs of its webhook.
 *
 * <p>If the response named the new log, it is found by that id. Nothing else links a new log to the
 * retried one (documentation, retry). So for the other retries the attempt is inferred from
 * candidates: logs of the same message that have no other explanation and, by the provider's own
 * clock, did not exist before the request:
 *
 * <ul>
 *   <li>A message has one {@code Message} event. So exactly one candidate is the new attempt,
 *       unless the provider gives no time to judge it by.
 *   <li>For {@code MessageStatus}, a candidate may also be a later status of the message.
 *   <li>For an event without a message id, any newer log without a message id is a candidate, and
 *       none can be identified.
 *   <li>No candidate, after the time in which it would be listed, is evidence that there was no
 *       attempt.
 * </ul>
 */
final class Trace {
  private final Chatt2meMapper mapper;
  private final String webhookId;
  private final Question question;
  private final List<Recorded<LogRow>> candidates = new ArrayList<>();
  private @Nullable WebhookLog found;
  private @Nullable String givenUp;
  private @Nullable Instant earliest;
  private boolean contested;
  private boolean missesRows;

  Trace(Chatt2meMapper mapper, String webhookId, Question question) {
    this.mapper = mapper;
    this.webhookId = webhookId;
    this.question = question;
  }

  Instant requestedAt() {
    return question.result().requestedAt();
  }

  @Nullable String messageId() {
    return latest().eventId();
  }

  /** Returns the time before which there can be no new attempt; null if it is not known. */
  @Nullable Instant after() {
    return latest().createdAt() != null ? latest().createdAt() : latest().attemptedAt();
  }

  /** Sets the provider's clock as of the start of the scan. */
  void dated(Read.ProviderClock clock) {
    earliest = question.earliest(clock);
  }

  void found(Recorded<LogRow> log) {
    found = mapper.log(log, LogSource.of(latest(), webhookId));
  }

  void offer(Recorded<LogRow> log) {
    Instant time = log.value().time();
    if (time == null || !(isBefore(time, after()) || isBefore(time, earliest))) {
      candidates.add(log);
    }
  }

  private static boolean isBefore(Instant time, @Nullable Instant bound) {
    return bound != null && time.isBefore(bound);
  }

  /** Whether the new log was found. */
  boolean isFound() {
    return found != null;
  }

  /** Whether further logs cannot change the outcome. */
  boolean isDecided() {
    return found != null || candidates.size() > (identifiesAttempts() ? 1 : 0);
  }

  void giveUp(String reason) {
    givenUp = reason;
  }

  /** Records that some rows were unreadable. Then a missing log is no evidence. */
  void missesRows() {
    missesRows = true;
  }

  /** Takes the only candidate as the new attempt, unless another retry has taken it. */
  void claim(Set<String> claimed) {
    if (found == null
        && identifiesAttempts()
        && candidates.size() == 1
        && isNew(candidates.get(0))) {
      contested = !claimed.add(candidates.get(0).value().id());
      if (!contested) {
        found(candidates.get(0));
      }
    }
  }

  /** Whether a candidate certainly did not exist before the request. */
  private boolean isNew(Recorded<LogRow> candidate) {
    return earliest != null && candidate.value().time() != null;
  }

  /**
   * Returns the outcome.
   *
   * @param asked the same retry, whose result may be another object
   */
  RetryOutcome outcome(Question asked) {
    if (found != null) {
      return asked.shown(found);
    }
    if (givenUp != null) {
      return asked.unknown(givenUp);
    }
    if (contested) {
      return asked.unknown("the only new attempt may belong to another retry of this message");
    }
    if (!candidates.isEmpty()) {
      return asked.unknown(ambiguity());
    }
    if (!question.settled()) {
      return asked.pending("no new attempt in the provider's log so far");
    }
    if (missesRows && !asked.isAccepted()) {
      return asked.unknown(
          "the provider's log has an unreadable row, which may be the new attempt");
    }
    return asked.isAccepted()
        ? asked.unknown("the provider made an attempt, but does not list its log")
        : asked.notSent("no new attempt in the provider's log");
  }

  private String ambiguity() {
    if (identifiesAttempts() && candidates.size() == 1) {
      return "there is a newer attempt of this message, but without a time that tells whether it was"
          + " made before the retry";
    }
    if (identifiesAttempts()) {
      return "there are several newer attempts of this message, and any of them may be the retry";
    }
    return messageId() == null
        ? "this webhook has newer logs without a message id, and any of them may be the retry"
        : "there is a newer log of this message, which may be the retry or a later status";
  }

  private boolean identifiesAttempts() {
    return messageId() != null && EventTypes.isOncePerMessage(latest().eventType());
  }

  private WebhookLog latest() {
    return question.before();
  }
}
