package dev.redrive.recovery.engine;

import dev.redrive.DeliveryQuery;
import dev.redrive.TimeSource;
import dev.redrive.recovery.ListedClient;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.StopRule;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.List;

/** Settings for tests of single parts of the engine. */
final class UsualSettings {
  private UsualSettings() {}

  static RecoverySettings of(RetryLedger ledger, TimeSource time) {
    return new RecoverySettings(
        List.of(new ListedClient(time)),
        DeliveryQuery.all(),
        ledger,
        delivery -> false,
        plan -> true,
        RecoveryListener.NONE,
        RetryLedger.Round.FIRST,
        RecoverySettings.EarlierRuns.RESUMED,
        StopRule.DEFAULT,
        3,
        Double.POSITIVE_INFINITY,
        8,
        Integer.MAX_VALUE,
        null,
        Duration.ofMinutes(20),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        "",
        time);
  }
}
