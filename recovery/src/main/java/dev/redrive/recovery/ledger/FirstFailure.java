package dev.redrive.recovery.ledger;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery's failure as it was first found; it stays while retries fail in other ways.
 *
 * @param at when that attempt was recorded; null if the provider does not tell
 * @param cause why it failed
 * @param httpStatus what the endpoint answered; null if nothing, or if it is not told
 */
public record FirstFailure(@Nullable Instant at, FailureCause cause, @Nullable Integer httpStatus) {
  /** The failure that a provider listed. */
  public static FirstFailure of(FailedDelivery found) {
    return new FirstFailure(found.latest().createdAt(), found.cause(), found.latest().httpStatus());
  }
}
