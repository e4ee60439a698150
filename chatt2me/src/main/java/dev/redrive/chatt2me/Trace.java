package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Wire.LogRow;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one retry left in its webhook's logs.
 *
 * <p>A retry whose answer named the new log is found by that id. Nothing else links a log to the
 * one that was retried (documentation, retry), so for the others it is inferred from logs that are
 * not older than the retried one, of the same message, and not accounted for otherwise:
 *
 * <ul>
 *   <li>of a message's one {@code Message} event, exactly one such log is the new attempt;
 *   <li>of {@code MessageStatus}, such a log may as well be a later status of that message;
 *   <li>of an event without message id, any newer log of the webhook without one may be it;
 *   <li>none at all, though it would be listed by now, is evidence that there was no attempt.
 * </ul>
 */
final class Trace {
  private final RetryResult result;
  private final boolean settled;
  private final List<Recorded<LogRow>> candidates = new ArrayList<>();
  private @Nullable Recorded<LogRow> found;
  private @Nullable String givenUp;
  private boolean contested;

  /**
   * @param settled whether a new log would be listed when the scan began
   */
  Trace(RetryResult result, boolean settled) {
    this.result = result;
    this.settled = settled;
  }

  @Nullable String newLogId() {
    return result.newLogId() == null ? null : Ids.of(result.newLogId());
  }

  Instant requestedAt() {
    return result.requestedAt();
  }

  @Nullable String messageId() {
    return latest().eventId();
  }

  /** No new attempt is older than this; null if it is not known. */
  @Nullable Instant after() {
    return latest().createdAt() != null ? latest().createdAt() : latest().attemptedAt();
  }

  void found(Recorded<LogRow> log) {
    found = log;
  }

  void offer(Recorded<LogRow> log) {
    Instant time = log.value().time();
    Instant after = after();
    if (time == null || after == null || !time.isBefore(after)) {
      candidates.add(log);
    }
  }

  /** Whether further logs change nothing. */
  boolean isDecided() {
    return found != null || candidates.size() > (identifiesAttempts() ? 1 : 0);
  }

  void giveUp(String reason) {
    givenUp = reason;
  }

  /** Takes its only candidate as the new attempt, unless that is taken. */
  void claim(Set<String> claimed) {
    if (found == null && identifiesAttempts() && candidates.size() == 1) {
      contested = !claimed.add(candidates.get(0).value().id());
      found = contested ? null : candidates.get(0);
    }
  }

  RetryOutcome outcome(RetryResult asked, Mapper mapper) {
    if (found != null) {
      return RetryOutcome.of(
          asked, mapper.log(found, LogSource.of(latest(), Ids.ofWebhook(result.delivery()))));
    }
    if (givenUp != null) {
      return unknown(asked, givenUp);
    }
    if (contested) {
      return unknown(asked, "the only new attempt may be that of another retry of this message");
    }
    if (!candidates.isEmpty()) {
      return unknown(asked, ambiguity());
    }
    if (!settled) {
      return RetryOutcome.of(
          asked, RetryOutcome.Status.PENDING, "no new attempt in the provider's log so far");
    }
    return asked.status() == RetryResult.Status.ACCEPTED
        ? unknown(asked, "the provider made an attempt, but does not list its log")
        : RetryOutcome.of(
            asked, RetryOutcome.Status.NOT_SENT, "no new attempt in the provider's log");
  }

  private String ambiguity() {
    if (identifiesAttempts()) {
      return "several newer attempts of this message, and nothing tells which is the retry";
    }
    return messageId() == null
        ? "newer logs without message id at this webhook, and nothing tells them from the retry"
        : "a newer log of this message, which may be the retry or a later status";
  }

  private boolean identifiesAttempts() {
    return messageId() != null && EventTypes.isOncePerMessage(latest().eventType());
  }

  private WebhookLog latest() {
    return result.delivery().latest();
  }

  private static RetryOutcome unknown(RetryResult asked, String reason) {
    return RetryOutcome.of(asked, RetryOutcome.Status.UNKNOWN, reason);
  }
}
