package dev.redrive.recovery;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

record RecoverySettings(
    List<WebhookRetryClient> clients,
    DeliveryQuery query,
    RetryLedger ledger,
    Predicate<FailedDelivery> alreadyProcessed,
    Predicate<RecoveryPlan> approval,
    RecoveryListener listener,
    RetryLedger.Round round,
    StopRule stopRule,
    int canary,
    double maxRate,
    int concurrency,
    int batchSize,
    Duration verifyTimeout,
    Duration longestPause,
    Duration lease,
    TimeSource time) {}
