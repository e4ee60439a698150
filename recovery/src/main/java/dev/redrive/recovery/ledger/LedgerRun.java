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
 * One run of a recovery, as the ledger keeps it.
 *
 * @param id its name
 * @param accounts the accounts it worked for
 * @param startedAt when it began
 * @param endedAt when it ended by itself; null if it is under way or died
 * @param end how it ended; null until then, and of a run that an older Redrive ended
 * @param counts what it reported at its end; null until then
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
  /** A run that shows no sign of life for so long has died. */
  public static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

  public LedgerRun {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(startedAt, "startedAt");
    accounts = List.copyOf(accounts);
  }

  /** A run that begins. */
  public LedgerRun(String id, List<Account> accounts, Instant startedAt) {
    this(id, accounts, startedAt, Duration.ZERO);
  }

  /** A run that has not ended, seen so long ago. */
  public LedgerRun(String id, List<Account> accounts, Instant startedAt, Duration silence) {
    this(id, accounts, startedAt, null, null, null, silence);
  }

  /** A run that has ended. */
  public LedgerRun(
      String id,
      List<Account> accounts,
      Instant startedAt,
      Instant endedAt,
      RecoveryReport.@Nullable End end,
      @Nullable DeliveryCounts counts) {
    this(id, accounts, startedAt, endedAt, end, counts, null);
  }

  /** Whether it goes on: it has not ended, and was seen alive in the last 15 seconds. */
  public boolean isAlive() {
    return silence != null && silence.compareTo(LONGEST_SILENCE) < 0;
  }
}
