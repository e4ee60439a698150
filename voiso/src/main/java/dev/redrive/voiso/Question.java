package dev.redrive.voiso;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import java.time.Instant;

/**
 * A retry whose outcome is to be found. A failure keeps its record: a retrigger makes it {@code
 * pending}, and if it fails again, it is {@code inactive} with a newer last attempt.
 *
 * @param settled whether the settle time had passed when the reading began. It must not be judged
 *     later, because the first pages were read earlier
 */
record Question(RetryResult result, boolean settled) {
  /** Returns the id of the failure, with UUIDs in lower case. */
  String id() {
    return ProviderHttp.canonicalId(result.key().id());
  }

  /** Returns the outcome that the failure's record shows. */
  RetryOutcome answer(WebhookLog now) {
    if (now.status() != DeliveryStatus.FAILED) {
      return RetryOutcome.of(result, now);
    }
    Instant before = result.delivery().latest().attemptedAt();
    Instant last = now.attemptedAt();
    if (before != null && last != null && last.isAfter(before)) {
      return RetryOutcome.of(result, now);
    }
    if (!settled) {
      return pending("it is still listed as failed, with no newer attempt so far");
    }
    boolean timesTold = before != null && last != null;
    return result.status() == RetryResult.Status.ACCEPTED
        ? unchangedAfterAcceptance(now, timesTold)
        : unchangedAfterDoubt(now, timesTold);
  }

  private RetryOutcome unchangedAfterAcceptance(WebhookLog now, boolean timesTold) {
    return timesTold
        ? new RetryOutcome(
            result,
            RetryOutcome.Status.UNKNOWN,
            now,
            "Voiso accepted the retrigger, but its record shows no newer attempt")
        : RetryOutcome.of(result, now);
  }

  private RetryOutcome unchangedAfterDoubt(WebhookLog now, boolean timesTold) {
    return timesTold
        ? RetryOutcome.of(
            result, RetryOutcome.Status.NOT_SENT, "no newer attempt in Voiso's record")
        : new RetryOutcome(
            result,
            RetryOutcome.Status.UNKNOWN,
            now,
            "it is still listed as failed, and Voiso does not say when the last attempt was");
  }

  /** Returns the outcome of a retry whose failure is gone for good. */
  RetryOutcome delivered() {
    return RetryOutcome.of(
        result, RetryOutcome.Status.DELIVERED, "Voiso no longer lists it as failed");
  }

  RetryOutcome pending(String reason) {
    return RetryOutcome.of(result, RetryOutcome.Status.PENDING, reason);
  }

  RetryOutcome unknown(String reason) {
    return RetryOutcome.of(result, RetryOutcome.Status.UNKNOWN, reason);
  }
}
