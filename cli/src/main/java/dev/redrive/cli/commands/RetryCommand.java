package dev.redrive.cli.commands;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.terminal.CtrlC;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.StopRule;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code redrive retry}. */
@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    description = {
      "Has single deliveries sent again, named by the ids that 'redrive failures' lists, and tells"
          + " what became of each.",
      "It shares the ledger with 'recover': what was delivered by either is not sent again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive retry --provider chatt2me b2c3d4e5-f6a7-8901-bcde-f23456789012",
      "  redrive retry --provider baanx EVENT-ID/WEBHOOK-ID",
      "  redrive retry --provider onlyoffice --base-url https://portal.example.com 1041 1042",
      "  redrive retry --provider voiso --base-url https://cluster.voiso.com \\",
      "      aabbccddeeff001122334455 --output json"
    })
public final class RetryCommand implements Callable<Integer> {
  /** A person has named each: none holds up another. */
  private static final StopRule NEVER = new StopRule(1, Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static final Rows<RetryAnswer> ROWS =
      new Rows<>(
          List.of("ID", "RESULT", "OUTCOME", "NEW LOG", "REASON"),
          answer ->
              new Object[] {
                answer.id(), answer.result(), answer.outcome(), answer.newLogId(), answer.reason()
              },
          RetryAnswer::fields);

  private final Terminal terminal;

  @Mixin private final ConnectionOptions connection;
  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of failed deliveries.")
  private Set<String> ids = new LinkedHashSet<>();

  @Option(
      names = "--verify-timeout",
      paramLabel = "DURATION",
      converter = Durations.ToDuration.class,
      description =
          "How long to wait for outcomes: 90s, 2m. Default: as long as the provider may need, at"
              + " least 2m.")
  private @Nullable Duration verifyTimeout;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public RetryCommand(Terminal terminal) {
    this.terminal = terminal;
    this.connection = new ConnectionOptions(terminal);
  }

  @Override
  public Integer call() {
    try (WebhookRetryClient client = connection.connect()) {
      var named = new NamedDeliveries(client, ids);
      var skipped = new ConcurrentHashMap<DeliveryKey, SkipReason>();
      var listener =
          new RecoveryListener() {
            @Override
            public void onSkipped(FailedDelivery delivery, SkipReason reason) {
              skipped.put(delivery.key(), reason);
            }
          };
      Recovery.Builder recovery =
          Recovery.of(named)
              .canary(0)
              .anotherRound()
              .leaveEarlierRuns()
              .stopRule(NEVER)
              .listener(listener);
      if (verifyTimeout != null) {
        recovery.verifyTimeout(verifyTimeout);
      }
      return run(recovery, ledger::open, named, skipped);
    }
  }

  private int run(
      Recovery.Builder recovery,
      Supplier<RetryLedger> opens,
      NamedDeliveries named,
      Map<DeliveryKey, SkipReason> skipped) {
    try (CtrlC ctrlC = CtrlC.watch(terminal, () -> {});
        RetryLedger state = opens.get()) {
      RecoveryReport report = ctrlC.run(recovery.ledger(state).build());
      state.entries(report.run(), named::recorded);
      List<RetryAnswer> answers =
          ids.stream().map(id -> RetryAnswer.of(named, id, skipped, report)).toList();
      long unused = ROWS.write(answers, output.format(), terminal.out());
      report.problems().forEach(problem -> terminal.error(problem.what()));
      if (ctrlC.isPressed()) {
        terminal.note("Stopped. What went out is recorded: run the same command again to go on.");
        return ExitCode.INTERRUPTED;
      }
      if (report.end() == RecoveryReport.End.FAILED) {
        return ExitCode.FAILED;
      }
      boolean all = answers.stream().allMatch(RetryAnswer::isDone);
      return all ? ExitCode.OK : ExitCode.NOT_ALL_DELIVERED;
    }
  }
}
