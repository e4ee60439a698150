package dev.redrive.recovery.ledger;

import dev.redrive.FailureCause;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One retry of a delivery in the ledger: what one run did with it.
 *
 * @param run the name of the run that sent it, even if another run read the outcome
 * @param requestedAt when it was claimed or its request ended
 * @param state how it ended, or how it stands; {@link DeliveryState#FOUND} if its request failed
 *     and was certainly not processed
 * @param reason the reason for the state, as text for people; null if the state says it all
 * @param cause why the new attempt failed; null unless it {@linkplain DeliveryState#FAILED_AGAIN
 *     failed again}
 * @param httpStatus the HTTP status that the new attempt failed with; null if it did not fail, if
 *     the endpoint did not respond, or if the provider does not say
 * @param newLogId the id of the new attempt's log; null if it is not known
 * @param settledAt when the outcome was read; null if it was not
 */
public record LedgerRetry(
    String run,
    Instant requestedAt,
    DeliveryState state,
    @Nullable String reason,
    @Nullable FailureCause cause,
    @Nullable Integer httpStatus,
    @Nullable String newLogId,
    @Nullable Instant settledAt) {
  public LedgerRetry {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(requestedAt, "requestedAt");
    Objects.requireNonNull(state, "state");
  }
}
