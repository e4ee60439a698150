package dev.redrive.recovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a run.
 *
 * @param phase what it is doing
 * @param found how many failures were listed so far, including skipped ones
 * @param total how many deliveries will be sent, of those collected so far
 * @param sent how many deliveries were, or may have been, accepted by the provider, including those
 *     of dead runs that this run took over
 * @param done how many deliveries have ended: delivered, failed again or rejected
 * @param delivered how many of those were delivered
 * @param failedAgain how many of those failed again
 * @param rejected how many of those the provider rejected
 * @param perSecond how many deliveries have ended per second since sending began
 * @param timeLeft the time until all have ended at that pace; null if it is not known yet
 */
public record RecoveryProgress(
    Phase phase,
    long found,
    long total,
    long sent,
    long done,
    long delivered,
    long failedAgain,
    long rejected,
    double perSecond,
    @Nullable Duration timeLeft) {}
