package dev.redrive.recovery.ledger;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One run of a recovery in the ledger.
 *
 * @param id its name
 * @param accounts its accounts
 * @param startedAt when it began
 * @param endedAt when it ended by itself; null if it is active or died
 * @param end how it ended; null before that, or if an older version of Redrive ran it
 * @param counts its counts at the end; null before that
 * @param silence how long ago it was last seen alive, by the ledger's clock; null once it ended
 */
public record LedgerRun(
    String id,
    List<Account> accounts,
    Instant startedAt,
    @Nullable Instant endedAt,
    RecoveryReport.@Nullable End end,
    @Nullable DeliveryCounts counts,
    @Nullable Duration silence) {
  /** A run without a sign of life for this long counts as dead. */
  public static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

  public LedgerRun {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(startedAt, "startedAt");
    accounts = List.copyOf(accounts);
  }

  /** Creates a run that begins now. */
  public LedgerRun(String id, List<Account> accounts, Instant startedAt) {
    this(id, accounts, startedAt, Duration.ZERO);
  }

  /** Creates a run that has not ended. */
  public LedgerRun(String id, List<Account> accounts, Instant startedAt, Duration silence) {
    this(id, accounts, startedAt, null, null, null, silence);
  }

  /** Creates a run that has ended. */
  public LedgerRun(
      String id,
      List<Account> accounts,
      Instant startedAt,
      Instant endedAt,
      RecoveryReport.@Nullable End end,
      @Nullable DeliveryCounts counts) {
    this(id, accounts, startedAt, endedAt, end, counts, null);
  }

  /** Whether it is active: it has not ended, and was seen alive in the last 15 seconds. */
  public boolean isAlive() {
    return silence != null && silence.compareTo(LONGEST_SILENCE) < 0;
  }
}
