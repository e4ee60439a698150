package dev.redrive.recovery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a recovery has come. Counts are of this run.
 *
 * @param phase what it is doing
 * @param found failures listed so far, those skipped included
 * @param total deliveries to send, as far as collected
 * @param sent deliveries that a retry request was accepted for, or may have been
 * @param done deliveries whose fate is known: delivered, failed again or rejected
 * @param delivered of those, the delivered ones
 * @param failedAgain of those, the ones that failed again
 * @param rejected of those, the ones that the provider rejected
 * @param perSecond deliveries done per second since sending began
 * @param timeLeft until all are done at that pace; null if it cannot be told yet
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
