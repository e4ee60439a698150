package dev.redrive.recovery;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One delivery in the ledger. Holds no payload, response or signature.
 *
 * @param id the ledger's own number, in the order of arrival
 * @param key the delivery as it was first found
 * @param delivery its latest failed attempt: what a retry names. Without response, error text or
 *     JSON
 * @param state where it stands
 * @param sends retry requests that were claimed for it, in all rounds
 * @param newLogId the log of the latest retry; null if none was named
 * @param reason why it stands there, for people; null if the state says it all
 * @param requestedAt when the latest retry was claimed or its request ended; null if none was
 * @param settledAt when the outcome was read; null if it is not settled
 */
public record LedgerEntry(
    long id,
    DeliveryKey key,
    FailedDelivery delivery,
    DeliveryState state,
    int sends,
    @Nullable String newLogId,
    @Nullable String reason,
    @Nullable Instant requestedAt,
    @Nullable Instant settledAt) {
  public LedgerEntry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(state, "state");
  }

  /**
   * Whether the provider tells which other logs are attempts of the same event. Where it does not,
   * a retry's log can be listed as a delivery of its own.
   */
  boolean lineageIsTold() {
    return !delivery.lineage().equals(delivery.latest().logId());
  }

  public Account account() {
    return Account.of(key);
  }

  /**
   * The retry as the client reported it, to ask for its outcome.
   *
   * @throws IllegalStateException unless the entry {@linkplain DeliveryState#isUnsettled() is
   *     unsettled}
   */
  public RetryResult toResult() {
    if (!state.isUnsettled() || requestedAt == null) {
      throw new IllegalStateException(key + " has no retry to settle: " + state);
    }
    return state == DeliveryState.ACCEPTED
        ? RetryResult.accepted(delivery, newLogId, requestedAt)
        : RetryResult.unknown(delivery, reason == null ? "not recorded" : reason, requestedAt);
  }
}
