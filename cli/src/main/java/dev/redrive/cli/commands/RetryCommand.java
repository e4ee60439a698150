package dev.redrive.cli.commands;

import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.options.LedgerOption;
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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
      "Sends single deliveries again, by the ids that 'redrive failures' lists, and tells what"
          + " became of each.",
      "It looks into the ledger first: what was delivered, is under way or may have arrived is not"
          + " sent again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive retry --provider chatt2me b2c3d4e5-f6a7-8901-bcde-f23456789012",
      "  redrive retry --provider baanx EVENT-ID/WEBHOOK-ID",
      "  redrive retry --provider onlyoffice \\",
      "      --base-url https://portal.example.com 1041 1042",
      "  redrive retry --provider voiso --base-url https://cluster.voiso.com \\",
      "      aabbccddeeff001122334455 --output json",
      "  redrive retry --provider github --setting owner=octocat/site HOOK/DELIVERY",
      "  redrive retry --provider keycloak --base-url https://sso.example.com \\",
      "      --setting realm=shop --setting clientId=redrive \\",
      "      b2c3d4e5-f6a7-8901-bcde-f23456789012"
    })
public final class RetryCommand extends AccountCommand {
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

  @Mixin private final LedgerOption ledger = new LedgerOption();

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
    super(terminal);
  }

  @Override
  public Integer call() {
    if (ids.stream().anyMatch(String::isBlank)) {
      throw wrong("an ID is empty: is a variable of the shell not set?");
    }
    try (WebhookRetryClient client = connection.connect();
        CtrlC ctrlC = CtrlC.watch(terminal, () -> {});
        RetryLedger state = ledger.open()) {
      var known = KnownToLedger.of(state, client, ids);
      Map<String, RetryAnswer> answers = new HashMap<>(known.answers());
      Set<String> open = new LinkedHashSet<>(ids);
      open.removeAll(answers.keySet());
      int code =
          open.isEmpty()
              ? ExitCode.OK
              : retry(client, state, open, known.underWay(), answers, ctrlC);
      List<RetryAnswer> all =
          ids.stream().map(id -> Objects.requireNonNull(answers.get(id), id)).toList();
      long unused = ROWS.write(all, output.format(), terminal.out());
      adviseOn(all);
      return code == ExitCode.OK && !all.stream().allMatch(RetryAnswer::isDone)
          ? ExitCode.NOT_ALL_DELIVERED
          : code;
    }
  }

  /** Sends them, and adds what came of each; the exit code says whether that went as it should. */
  private int retry(
      WebhookRetryClient client,
      RetryLedger state,
      Set<String> open,
      Map<String, FailedDelivery> underWay,
      Map<String, RetryAnswer> answers,
      CtrlC ctrlC) {
    var progress = new ListProgress(terminal, client.timeSource(), "deliveries by their ids");
    var named = new NamedDeliveries(client, open, underWay, progress);
    var skipped = new ConcurrentHashMap<DeliveryKey, SkipReason>();
    RecoveryReport report = ctrlC.run(recovery(named, skipped).ledger(state).build());
    state.entries(report.run(), named::recorded);
    open.forEach(id -> answers.put(id, RetryAnswer.of(named, id, skipped, report)));
    report.problems().forEach(problem -> terminal.error(problem.what()));
    if (ctrlC.isPressed()) {
      terminal.note("Stopped. What went out is recorded: run the same command again to go on.");
      return ExitCode.INTERRUPTED;
    }
    return report.end() == RecoveryReport.End.FAILED ? ExitCode.FAILED : ExitCode.OK;
  }

  private Recovery.Builder recovery(NamedDeliveries named, Map<DeliveryKey, SkipReason> skipped) {
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
    return verifyTimeout == null ? recovery : recovery.verifyTimeout(verifyTimeout);
  }

  /** A table has no room for it. */
  private void adviseOn(List<RetryAnswer> answers) {
    if (!output.isJson()) {
      answers.stream()
          .filter(answer -> answer.advice() != null && !answer.isDone())
          .forEach(answer -> terminal.note(answer.id() + ": " + answer.advice()));
    }
  }
}
