package dev.redrive.github;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Read;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A retry whose outcome is looked for. GitHub answers it without the id of the new delivery, which
 * appears in the webhook's list with the event's GUID, marked as a redelivery.
 */
final class Sought {
  /** The clocks of the provider's parts may differ, and times are in whole seconds. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(5);

  /** How long a delivery is listed, less some hours in case clocks differ. */
  private static final Duration SURELY_LISTED = GithubClient.RETENTION.minusHours(6);

  private final RetryResult result;
  private final Instant startedAt;
  private final boolean settled;
  private final boolean listed;
  private @Nullable Instant earliest;
  private @Nullable WebhookLog succeeded;
  private @Nullable WebhookLog failed;
  private boolean inDoubt;

  Sought(RetryResult result, ProviderHttp http) {
    this.result = result;
    this.startedAt =
        result.startedAt() == null
            ? result.requestedAt().minus(http.requestTimeout())
            : result.startedAt();
    this.settled = http.hasSettled(result);
    this.listed = startedAt.plus(SURELY_LISTED).isAfter(http.now());
    this.earliest = latest().createdAt();
  }

  private WebhookLog latest() {
    return result.delivery().latest();
  }

  RetryResult result() {
    return result;
  }

  String event() {
    return ProviderHttp.canonicalId(String.valueOf(latest().eventId()));
  }

  /** Sets the provider's clock as of the start of the search. */
  void dated(Read.ProviderClock clock) {
    Instant asked = clock.at(startedAt).minus(CLOCK_MARGIN);
    earliest = earliest == null || asked.isAfter(earliest) ? asked : earliest;
  }

  /** Returns the time before which there is no new delivery; null if it is not known. */
  @Nullable Instant earliest() {
    return earliest;
  }

  /**
   * Looks at a delivery of the event.
   *
   * @param isFirst whether it is the event's first one
   */
  void look(WebhookLog log, boolean isFirst) {
    Instant time = log.createdAt();
    if (log.status() == DeliveryStatus.SUCCEEDED) {
      // The event was delivered, even if somebody else requested this delivery.
      succeeded = log;
    } else if (isFirst
        || log.key().equals(result.key())
        || log.logId().equals(latest().logId())
        || (time != null && earliest != null && time.isBefore(earliest))) {
      return;
    } else if (log.status() == DeliveryStatus.UNKNOWN || time == null) {
      inDoubt = true;
    } else if (failed == null) {
      failed = log;
    }
  }

  /** Whether further deliveries cannot change the outcome. */
  boolean isDecided() {
    return succeeded != null;
  }

  /**
   * Returns the outcome.
   *
   * @param isComplete whether all deliveries since the request could be read
   */
  RetryOutcome outcome(boolean isComplete) {
    if (succeeded != null) {
      return RetryOutcome.of(result, succeeded);
    }
    if (failed != null) {
      return RetryOutcome.of(result, failed);
    }
    if (!settled) {
      return RetryOutcome.of(
          result, RetryOutcome.Status.PENDING, "no new delivery of the event is listed so far");
    }
    if (inDoubt || !isComplete) {
      return unknown("a delivery in GitHub's list cannot be read, and may be the new one");
    }
    if (!listed) {
      return unknown("the request was so long ago that GitHub may no longer list its delivery");
    }
    return result.status() == RetryResult.Status.ACCEPTED
        ? unknown("GitHub accepted the redelivery, but lists no new delivery")
        : RetryOutcome.of(
            result, RetryOutcome.Status.NOT_SENT, "GitHub lists no new delivery of the event");
  }

  RetryOutcome unknown(String reason) {
    return RetryOutcome.of(result, RetryOutcome.Status.UNKNOWN, reason);
  }
}
