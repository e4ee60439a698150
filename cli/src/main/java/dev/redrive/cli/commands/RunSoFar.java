package dev.redrive.cli.commands;

import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run and its counts: those of its end or, before that, those of its deliveries as they are.
 *
 * @param run the run
 * @param counts what it skipped is known at its end only
 */
public record RunSoFar(LedgerRun run, DeliveryCounts counts) {
  public static RunSoFar of(LedgerRun run, RetryLedger ledger) {
    DeliveryCounts told = run.counts();
    return new RunSoFar(run, told == null ? soFar(run, ledger) : told);
  }

  private static DeliveryCounts soFar(LedgerRun run, RetryLedger ledger) {
    Map<Fate, Long> sums = new EnumMap<>(Fate.class);
    for (Account account : run.accounts()) {
      RetryLedger.Standing standing = ledger.standing(run.id(), account);
      standing.own().forEach((state, count) -> sums.merge(Fate.of(state), count, Long::sum));
      standing.others().forEach((state, count) -> sums.merge(Fate.of(state), count, Long::sum));
    }
    return new DeliveryCounts(
        sums.values().stream().mapToLong(Long::longValue).sum(),
        Map.of(),
        sums.getOrDefault(Fate.DELIVERED, 0L),
        sums.getOrDefault(Fate.FAILED_AGAIN, 0L),
        sums.getOrDefault(Fate.PENDING, 0L),
        sums.getOrDefault(Fate.REJECTED, 0L),
        sums.getOrDefault(Fate.UNKNOWN, 0L),
        sums.getOrDefault(Fate.NOT_SENT, 0L));
  }

  /** How it ended, in words; {@code running}, or {@code died} if it was killed. */
  public static String end(LedgerRun run) {
    if (run.end() != null) {
      return run.end().name().toLowerCase(Locale.ROOT);
    }
    return run.isAlive() ? "running" : run.endedAt() == null ? "died" : "ended";
  }

  public @Nullable Object[] cells() {
    return new Object[] {
      run.id(),
      Listings.seconds(run.startedAt()),
      Listings.seconds(run.endedAt()),
      end(run),
      run.accounts().stream().map(Account::toString).collect(Collectors.joining(", ")),
      counts.found(),
      counts.delivered(),
      counts.notDelivered()
    };
  }

  public Fields fields() {
    return ReportPrinter.add(
        new Fields()
            .text("run", run.id())
            .objects(
                "accounts",
                run.accounts().stream()
                    .map(
                        account ->
                            new Fields()
                                .text("provider", account.provider())
                                .text("account", account.name()))
                    .toList())
            .time("startedAt", run.startedAt())
            .time("endedAt", run.endedAt())
            .text("end", run.end() == null ? null : run.end().name())
            .value("alive", run.isAlive()),
        counts);
  }
}
