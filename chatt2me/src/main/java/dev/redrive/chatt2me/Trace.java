package dev.redrive.chatt2me;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one retry left in its webhook's logs.
 *
 * <p>A retry whose answer named the new log is found by that id. Nothing else links a log to the
 * one that was retried (documentation, retry), so for the others it is inferred from logs of the
 * same message that are not accounted for otherwise and were not there before the request, by the
 * provider's own clock:
 *
 * <ul>
 *   <li>of a message's one {@code Message} event, exactly one such log is the new attempt, unless
 *       the provider tells no time that it could be judged by;
 *   <li>of {@code MessageStatus}, such a log may as well be a later status of that message;
 *   <li>of an event without message id, any newer log of the webhook without one may be it;
 *   <li>none at all, though it would be listed by now, is evidence that there was no attempt.
 * </ul>
 */
final class Trace {
  /** The clocks of the hub's parts may differ; and an HTTP date leaves out fractions. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(5);

  private final Chatt2meMapper mapper;
  private final String webhookId;
  private final RetryResult result;
  private final Instant startedAt;
  private final boolean settled;
  private final List<Recorded<LogRow>> candidates = new ArrayList<>();
  private @Nullable WebhookLog found;
  private @Nullable String givenUp;
  private @Nullable Instant earliest;
  private boolean contested;
  private boolean missesRows;

  /**
   * @param startedAt when the request began at the earliest, by the client's clock
   * @param settled whether a new log would be listed when the scan began
   */
  Trace(
      Chatt2meMapper mapper,
      String webhookId,
      RetryResult result,
      Instant startedAt,
      boolean settled) {
    this.mapper = mapper;
    this.webhookId = webhookId;
    this.result = result;
    this.startedAt = startedAt;
    this.settled = settled;
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

  /** Tells what the provider's clock showed when the scan began. */
  void dated(Read.ProviderClock clock) {
    earliest = clock.at(startedAt).minus(CLOCK_MARGIN);
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

  /** Whether its new log was found. */
  boolean isFound() {
    return found != null;
  }

  /** Whether further logs change nothing. */
  boolean isDecided() {
    return found != null || candidates.size() > (identifiesAttempts() ? 1 : 0);
  }

  void giveUp(String reason) {
    givenUp = reason;
  }

  /** Tells that there were rows that cannot be read: absence is no evidence then. */
  void missesRows() {
    missesRows = true;
  }

  /** Takes its only candidate as the new attempt, unless that is taken. */
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

  /** Whether a candidate was certainly not there before the request. */
  private boolean isNew(Recorded<LogRow> candidate) {
    return earliest != null && candidate.value().time() != null;
  }

  RetryOutcome outcome(RetryResult asked) {
    if (found != null) {
      return RetryOutcome.of(asked, found);
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
    if (missesRows && asked.status() != RetryResult.Status.ACCEPTED) {
      return unknown(
          asked, "the provider's log holds a row that cannot be read: it may be the new attempt");
    }
    return asked.status() == RetryResult.Status.ACCEPTED
        ? unknown(asked, "the provider made an attempt, but does not list its log")
        : RetryOutcome.of(
            asked, RetryOutcome.Status.NOT_SENT, "no new attempt in the provider's log");
  }

  private String ambiguity() {
    if (identifiesAttempts() && candidates.size() == 1) {
      return "a newer attempt of this message, but no time tells whether it was there before the"
          + " retry";
    }
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
