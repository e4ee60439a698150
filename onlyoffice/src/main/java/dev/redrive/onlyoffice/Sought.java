package dev.redrive.onlyoffice;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A result whose outcome is to be found. */
final class Sought {
  /** A ledger may round times. */
  private static final Duration ROUNDING = Duration.ofSeconds(1);

  private static final Duration ZONES = PortalZone.EASTERNMOST.minus(PortalZone.WESTERNMOST);
  private static final Duration ZONE_STEP = Duration.ofMinutes(15);

  private final RetryResult result;
  private final int logId;
  private final boolean named;
  private final boolean settled;
  private @Nullable RetryOutcome outcome;

  /**
   * @param settled whether the settle time had passed when the search began. It must not be judged
   *     later: in a long walk, the first pages were read much earlier
   */
  Sought(RetryResult result, boolean settled) {
    Integer newLog = PortalId.parse(result.newLogId());
    this.result = result;
    this.logId = newLog == null ? retriedLog(result) : newLog;
    this.named = newLog != null;
    this.settled = settled;
  }

  private static int retriedLog(RetryResult result) {
    return Objects.requireNonNull(PortalId.parse(result.key().id()));
  }

  /** Returns why the log of a result cannot be looked for; null if it can. */
  static @Nullable String obstacle(RetryResult result) {
    return PortalId.parse(result.newLogId()) == null && PortalId.parse(result.key().id()) == null
        ? "its id is not the id of a log, which is a positive number"
        : null;
  }

  RetryResult result() {
    return result;
  }

  /** Returns the id of the new log if it {@link #isNamed}, or else of the retried log. */
  int logId() {
    return logId;
  }

  /** Whether the portal named the new log. */
  boolean isNamed() {
    return named;
  }

  boolean isSettled() {
    return settled;
  }

  boolean namesEvent() {
    return Fingerprint.isOne(result.delivery().lineage());
  }

  boolean isOpen() {
    return outcome == null;
  }

  void settle(RetryOutcome found) {
    outcome = found;
  }

  RetryOutcome outcome() {
    return Objects.requireNonNull(outcome);
  }

  /** Whether a log was reset and sent again since it was listed, perhaps in an earlier run. */
  boolean isChanged(WebhookLog now) {
    WebhookLog before = result.delivery().latest();
    return now.status() != before.status()
        || !Objects.equals(now.httpStatus(), before.httpStatus())
        || (before.attemptNumber() != null && !before.attemptNumber().equals(now.attemptNumber()))
        || (before.nextRetryAt() == null && now.nextRetryAt() != null)
        || (before.createdAt() != null
            && now.createdAt() != null
            && isLater(now.createdAt(), before.createdAt()));
  }

  /**
   * Whether a time is later by more than rounding, and not just because the portal's zone was
   * measured differently: zones differ by whole steps.
   */
  private static boolean isLater(Instant now, Instant before) {
    Duration later = Duration.between(before, now);
    boolean mayBeZone =
        later.compareTo(ZONES) <= 0
            && later.plus(ROUNDING).toSeconds() % ZONE_STEP.toSeconds() <= 2 * ROUNDING.toSeconds();
    return later.compareTo(ROUNDING) > 0 && !mayBeZone;
  }
}
