package dev.redrive.voiso;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import java.time.Instant;

/**
 * Judges a retry by its failure's record as it is now. A failure keeps its record: a retrigger
 * makes it {@code pending}, and it comes back as {@code inactive} with a newer time of its last
 * attempt.
 */
final class Evidence {
  private final ProviderHttp http;

  Evidence(ProviderHttp http) {
    this.http = http;
  }

  RetryOutcome judge(RetryResult result, WebhookLog now) {
    if (now.status() != DeliveryStatus.FAILED) {
      return RetryOutcome.of(result, now);
    }
    Instant before = result.delivery().latest().attemptedAt();
    Instant last = now.attemptedAt();
    if (before != null && last != null && last.isAfter(before)) {
      return RetryOutcome.of(result, now);
    }
    if (!http.hasSettled(result)) {
      return pending(result, "still listed as failed, with no newer attempt so far");
    }
    boolean timesTold = before != null && last != null;
    return result.status() == RetryResult.Status.ACCEPTED
        ? unchangedAfterAcceptance(result, now, timesTold)
        : unchangedAfterDoubt(result, now, timesTold);
  }

  private static RetryOutcome unchangedAfterAcceptance(
      RetryResult result, WebhookLog now, boolean timesTold) {
    if (!timesTold) {
      return RetryOutcome.of(result, now);
    }
    return new RetryOutcome(
        result,
        RetryOutcome.Status.UNKNOWN,
        now,
        "Voiso took the retrigger, but records no newer attempt");
  }

  private static RetryOutcome unchangedAfterDoubt(
      RetryResult result, WebhookLog now, boolean timesTold) {
    return timesTold
        ? new RetryOutcome(
            result, RetryOutcome.Status.NOT_SENT, null, "no newer attempt in Voiso's record")
        : new RetryOutcome(
            result,
            RetryOutcome.Status.UNKNOWN,
            now,
            "still listed as failed; Voiso does not tell the time of the last attempt");
  }

  /** The outcome of a retry whose failure is gone from the list. */
  RetryOutcome gone(RetryResult result) {
    return RetryOutcome.of(
        result, RetryOutcome.Status.DELIVERED, "Voiso does not list it as failed any more");
  }

  RetryOutcome pending(RetryResult result, String reason) {
    return RetryOutcome.of(result, RetryOutcome.Status.PENDING, reason);
  }
}
