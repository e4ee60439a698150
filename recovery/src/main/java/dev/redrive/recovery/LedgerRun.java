package dev.redrive.recovery;

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
 */
public record LedgerRun(
    String id,
    List<Account> accounts,
    Instant startedAt,
    @Nullable Instant endedAt,
    RecoveryReport.@Nullable End end,
    @Nullable DeliveryCounts counts) {
  public LedgerRun {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(startedAt, "startedAt");
    accounts = List.copyOf(accounts);
  }

  /** A run that begins. */
  public LedgerRun(String id, List<Account> accounts, Instant startedAt) {
    this(id, accounts, startedAt, null, null, null);
  }
}
