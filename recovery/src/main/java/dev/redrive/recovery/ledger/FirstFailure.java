package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a delivery when it was first found. It does not change when retries fail in other
 * ways.
 *
 * @param at when that attempt was recorded; null if the provider does not say
 * @param cause why it failed
 * @param httpStatus the HTTP status that the endpoint returned; null if it did not respond or the
 *     provider does not say
 */
public record FirstFailure(@Nullable Instant at, FailureCause cause, @Nullable Integer httpStatus) {
  /** Returns the failure of a delivery that a provider listed. */
  public static FirstFailure of(FailedDelivery found) {
    return new FirstFailure(found.latest().createdAt(), found.cause(), found.latest().httpStatus());
  }
}
