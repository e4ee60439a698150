package dev.redrive.micrometer;

import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger now and then. Many gauges are asked at each scrape, and counting takes a while
 * in a large ledger. That it cannot be read is remembered as long: each try may wait for a timeout.
 */
final class LedgerReadings {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerReadings.class);

  private final RetryLedger ledger;
  private final Map<Account, Duration> retentions;
  private final TimeSource time;
  private final Duration oldest;
  private boolean isFirst = true;
  private long readAt;
  private @Nullable Reading latest;

  /**
   * @param retentions how long failures of an account are listed, where that is documented
   * @param oldest how old a reading may become
   */
  LedgerReadings(
      RetryLedger ledger, Map<Account, Duration> retentions, TimeSource time, Duration oldest) {
    this.ledger = ledger;
    this.retentions = retentions;
    this.time = time;
    this.oldest = oldest;
  }

  /**
   * What the ledger says.
   *
   * @param at when it said so, by {@link TimeSource#nanoTime}
   * @param deliveries how many deliveries it has, by state
   * @param ages how long ago the failures of an account were complete, as of {@code at}
   * @param expiring how many deliveries will soon no longer be listed
   */
  record Reading(
      long at,
      Map<AccountName, Map<DeliveryState, Long>> deliveries,
      Map<AccountName, Duration> ages,
      Map<AccountName, Long> expiring) {
    /** The accounts that the ledger knows. */
    Set<AccountName> accounts() {
      Set<AccountName> accounts = new HashSet<>(deliveries.keySet());
      accounts.addAll(ages.keySet());
      return accounts;
    }
  }

  /** Returns what the ledger says, or said lately; null if it cannot be read. */
  synchronized @Nullable Reading latest() {
    if (isFirst || time.nanoTime() - readAt >= oldest.toNanos()) {
      latest = tryToRead();
      readAt = time.nanoTime();
      isFirst = false;
    }
    return latest;
  }

  private @Nullable Reading tryToRead() {
    try {
      return read();
    } catch (LedgerException e) {
      report(e.getMessage());
    } catch (RuntimeException e) {
      report(e.getClass().getName());
    }
    return null;
  }

  /** Once for each outage. */
  private void report(@Nullable String why) {
    if (isFirst || latest != null) {
      LOG.warn("The gauges of the ledger have no value while it cannot be read: {}", why);
    }
  }

  private Reading read() {
    Map<AccountName, Map<DeliveryState, Long>> deliveries = new HashMap<>();
    ledger
        .admin()
        .contents()
        .deliveries()
        .forEach(
            (account, states) -> {
              Map<DeliveryState, Long> of =
                  deliveries.computeIfAbsent(
                      AccountName.of(account), name -> new EnumMap<>(DeliveryState.class));
              states.forEach((state, count) -> of.merge(state, count, Long::sum));
            });
    Map<AccountName, Long> expiring = new HashMap<>();
    retentions.forEach(
        (account, retention) ->
            expiring.put(AccountName.of(account), ledger.admin().expiring(account, retention)));
    Map<AccountName, Duration> ages = new HashMap<>();
    for (CatchUps.Window window : ledger.catchUps().windows()) {
      // Of several windows the one that is furthest behind.
      ages.merge(
          AccountName.of(window.account()),
          window.age(),
          (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
    return new Reading(time.nanoTime(), deliveries, ages, expiring);
  }
}
