package dev.redrive.cli.commands;

import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.output.Table;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerAdmin.Contents;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive ledger stats}. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description =
        "Shows how large the ledger is, how many deliveries it holds by account and state, and which"
            + " runs are alive now.")
public final class LedgerStatsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final OutputOption output = new OutputOption();

  public LedgerStatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Optional<RetryLedger> opened = ledger.openToRead();
    if (opened.isEmpty()) {
      terminal.error(
          "there is no ledger at " + ledger + ": the first recovery creates it; check --ledger");
      return ExitCode.FAILED;
    }
    try (RetryLedger state = opened.get()) {
      Contents contents = state.admin().contents();
      List<LedgerRun> alive =
          state.runs(Integer.MAX_VALUE).stream().filter(LedgerRun::isAlive).toList();
      if (output.format() == OutputFormat.JSON) {
        terminal.out().print().println(Json.line(fields(contents, alive)));
      } else {
        print(contents, alive);
      }
    }
    return ExitCode.OK;
  }

  private void print(Contents contents, List<LedgerRun> alive) {
    PrintStream print = terminal.out().print();
    Long bytes = contents.bytes();
    print.println("Ledger      " + contents.name());
    print.println(
        "Size        "
            + (bytes == null ? "not stored" : size(bytes))
            + ", schema "
            + contents.schema());
    print.println("Deliveries  " + contents.deliveriesInAll());
    print.println(
        "Runs        "
            + contents.runs()
            + (contents.oldest() == null
                ? ""
                : ", the oldest of " + Listings.seconds(contents.oldest())));
    if (!contents.deliveries().isEmpty()) {
      print.println();
    }
    try (var table =
        new Table(
            terminal.out(),
            "ACCOUNT",
            "DELIVERED",
            "FAILED",
            "PENDING",
            "REJECTED",
            "UNKNOWN",
            "QUEUED")) {
      for (Account account : accounts(contents)) {
        Map<Fate, Long> counts = byFate(contents.deliveries().getOrDefault(account, Map.of()));
        table.row(
            account,
            counts.getOrDefault(Fate.DELIVERED, 0L),
            counts.getOrDefault(Fate.FAILED_AGAIN, 0L),
            counts.getOrDefault(Fate.PENDING, 0L),
            counts.getOrDefault(Fate.REJECTED, 0L),
            counts.getOrDefault(Fate.UNKNOWN, 0L),
            counts.getOrDefault(Fate.NOT_SENT, 0L));
      }
    }
    print.println();
    print.println(alive.isEmpty() ? "No run is alive now." : "Runs that are alive now:");
    try (var table = Table.indented(terminal.out(), "RUN", "STARTED", "LAST SEEN", "ACCOUNTS")) {
      for (LedgerRun run : alive) {
        table.row(
            run.id(),
            Listings.seconds(run.startedAt()),
            run.silence() == null ? null : Durations.format(run.silence()) + " ago",
            run.accounts().stream().map(Account::toString).collect(Collectors.joining(", ")));
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
            accounts(contents).stream()
                .map(
                    account ->
                        new Fields()
                            .text("provider", account.provider())
                            .text("account", account.name())
                            .counts(
                                "states",
                                byFate(contents.deliveries().getOrDefault(account, Map.of()))))
                .toList())
        .value("runs", contents.runs())
        .time("oldestRunAt", contents.oldest())
        .texts("alive", alive.stream().map(LedgerRun::id).toList());
  }

  private static List<Account> accounts(Contents contents) {
    return contents.deliveries().keySet().stream()
        .sorted(Comparator.comparing(Account::toString))
        .toList();
  }

  private static Map<Fate, Long> byFate(Map<DeliveryState, Long> states) {
    Map<Fate, Long> counts = new EnumMap<>(Fate.class);
    states.forEach((state, count) -> counts.merge(Fate.of(state), count, Long::sum));
    return counts;
  }

  private static String size(long bytes) {
    return bytes < 1_000_000 ? (bytes + 999) / 1000 + " kB" : (bytes + 500_000) / 1_000_000 + " MB";
  }
}
