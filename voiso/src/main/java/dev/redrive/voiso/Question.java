package dev.redrive.voiso;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import java.time.Instant;

/**
 * What became of a retry? A failure keeps its record: a retrigger makes it {@code pending}, and it
 * comes back as {@code inactive} with a newer time of its last attempt.
 *
 * @param settled whether absence was evidence when the reading began: what is read early must not
 *     count as read late
 */
record Question(RetryResult result, boolean settled) {
  /** The failure's id; a UUID in lower case, however the key spells it. */
  String id() {
    return ProviderHttp.canonicalId(result.key().id());
  }

  /** The outcome that the failure's record tells. */
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
      return pending("still listed as failed, with no newer attempt so far");
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
            "Voiso took the retrigger, but records no newer attempt")
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
            "still listed as failed; Voiso does not tell the time of the last attempt");
  }

  /** The outcome of a retry whose failure is gone for good. */
  RetryOutcome delivered() {
    return RetryOutcome.of(
        result, RetryOutcome.Status.DELIVERED, "Voiso does not list it as failed any more");
  }

  RetryOutcome pending(String reason) {
    return RetryOutcome.of(result, RetryOutcome.Status.PENDING, reason);
  }

  RetryOutcome unknown(String reason) {
    return RetryOutcome.of(result, RetryOutcome.Status.UNKNOWN, reason);
  }
}
