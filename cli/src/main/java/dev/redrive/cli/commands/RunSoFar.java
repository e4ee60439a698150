package dev.redrive.cli.commands;

import dev.redrive.cli.options.Words;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.ReportPrinter;
import dev.redrive.cli.output.Times;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
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
      Stream.of(standing.own(), standing.others())
          .flatMap(states -> Fate.sums(states).entrySet().stream())
          .forEach(sum -> sums.merge(sum.getKey(), sum.getValue(), Long::sum));
    }
    return Fate.counts(sums);
  }

  /** How it ended, in words; {@code running}, or {@code died} if it was killed. */
  public static String end(LedgerRun run) {
    if (run.end() != null) {
      return Words.of(run.end());
    }
    return run.isAlive() ? "running" : run.endedAt() == null ? "died" : "ended";
  }

  public @Nullable Object[] cells() {
    return new Object[] {
      run.id(),
      Times.seconds(run.startedAt()),
      end(run),
      counts.found(),
      counts.delivered(),
      counts.notDelivered(),
      Times.seconds(run.endedAt()),
      LedgerSearch.names(run.accounts())
    };
  }

  public Fields fields() {
    return ReportPrinter.add(
        new Fields()
            .text("run", run.id())
            .objects(
                "accounts",
                run.accounts().stream().map(account -> new Fields().account(account)).toList())
            .time("startedAt", run.startedAt())
            .time("endedAt", run.endedAt())
            .value("end", run.end())
            .value("alive", run.isAlive()),
        counts);
  }
}
