package dev.redrive.cli.commands;

import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Table;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerAdmin.Contents;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive ledger stats}. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description =
        "Shows how large the ledger is, how many deliveries it holds by account and state, and which"
            + " runs are alive now.")
public final class LedgerStatsCommand extends BaseCommand {
  @Mixin private final LedgerOption ledger = new LedgerOption();

  public LedgerStatsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    try (RetryLedger state = ledger.openExisting()) {
      Contents contents = state.admin().contents();
      List<LedgerRun> alive =
          state.runs(Integer.MAX_VALUE).stream().filter(LedgerRun::isAlive).toList();
      if (output.isJson()) {
        print(fields(contents, alive));
      } else {
        print(contents, alive);
      }
    }
    return ExitCode.OK;
  }

  private void print(Contents contents, List<LedgerRun> alive) {
    Terminal.Stream out = terminal.out();
    Long bytes = contents.bytes();
    Instant oldest = contents.oldest();
    out.println("Ledger      " + contents.name());
    out.println(
        "Size        %s, schema %d"
            .formatted(bytes == null ? "not stored" : size(bytes), contents.schema()));
    out.println("Deliveries  " + contents.deliveriesInAll());
    out.println(
        "Runs        "
            + contents.runs()
            + (oldest == null ? "" : ", the oldest of " + Times.toTheSecond(oldest)));
    if (!contents.deliveries().isEmpty()) {
      out.println();
    }
    try (var table =
        new Table(
            out, "ACCOUNT", "DELIVERED", "FAILED", "PENDING", "REJECTED", "UNKNOWN", "QUEUED")) {
      byAccount(contents)
          .forEach(
              (account, counts) ->
                  table.row(
                      Stream.concat(
                              Stream.of(account),
                              Fate.IN_LEDGER.stream().map(fate -> counts.getOrDefault(fate, 0L)))
                          .toArray()));
    }
    out.println();
    out.println(alive.isEmpty() ? "No run is alive now." : "Runs that are alive now:");
    try (var table = Table.indented(out, "RUN", "STARTED", "LAST SEEN", "ACCOUNTS")) {
      for (LedgerRun run : alive) {
        table.row(
            run.id(),
            Times.seconds(run.startedAt()),
            run.silence() == null ? null : Durations.format(run.silence()) + " ago",
            LedgerSearch.names(run.accounts()));
      }
    }
  }

  private static Fields fields(Contents contents, List<LedgerRun> alive) {
    return new Fields()
        .text("ledger", contents.name())
        .value("bytes", contents.bytes())
        .value("schema", contents.schema())
        .value("deliveries", contents.deliveriesInAll())
        .objects(
            "byAccount",
            byAccount(contents).entrySet().stream()
                .map(one -> new Fields().account(one.getKey()).counts("states", one.getValue()))
                .toList())
        .value("runs", contents.runs())
        .time("oldestRunAt", contents.oldest())
        .texts("alive", alive.stream().map(LedgerRun::id).toList());
  }

  private static Map<Account, Map<Fate, Long>> byAccount(Contents contents) {
    Map<Account, Map<Fate, Long>> sorted = new TreeMap<>(Comparator.comparing(Account::toString));
    contents.deliveries().forEach((account, states) -> sorted.put(account, Fate.sums(states)));
    return sorted;
  }

  private static String size(long bytes) {
    return bytes < 1_000_000 ? (bytes + 999) / 1000 + " kB" : (bytes + 500_000) / 1_000_000 + " MB";
  }
}
