package dev.redrive.cli.commands;

import static java.util.concurrent.CompletableFuture.supplyAsync;

import dev.redrive.TimeSource;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.Connections;
import dev.redrive.cli.options.Durations;
import dev.redrive.cli.terminal.CtrlC;
import dev.redrive.cli.terminal.Progress;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.CatchUpRound;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code redrive catch-up}. */
@Command(
    name = "catch-up",
    mixinStandardHelpOptions = true,
    description = {
      "Recovers round after round until Ctrl-C ends it, with one line per round and account. It"
          + " asks no question.",
      "Each round looks from the end of the last complete one, less the look-back, so that no gap"
          + " is left, whatever failed meanwhile. Nothing is sent twice. What failed again is sent"
          + " again after a pause that doubles each time. A new account starts from now, or from"
          + " --since. Any number of machines that share a ledger may run it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive catch-up --provider chatt2me",
      "  redrive catch-up --provider baanx --every 15m --max-rate 5",
      "  redrive catch-up --provider onlyoffice \\",
      "      --base-url https://portal.example.com --look-back 1d",
      "  redrive catch-up --provider voiso \\",
      "      --base-url https://cluster.voiso.com --once        # for cron"
    })
public final class CatchUpCommand extends EngineCommand {
  @Option(
      names = "--every",
      paramLabel = "DURATION",
      defaultValue = "5min",
      converter = Durations.ToDuration.class,
      description = "Time from one round to the next. Default: ${DEFAULT-VALUE}.")
  private Duration every;

  @Option(
      names = "--look-back",
      paramLabel = "DURATION",
      defaultValue = "30min",
      converter = Durations.ToDuration.class,
      description =
          "How far each round looks back beyond the last, beside the time that the provider may"
              + " take to list a failure. Default: ${DEFAULT-VALUE}.")
  private Duration lookBack;

  @Option(
      names = "--once",
      description = "One round only, for cron; its exit code is as that of 'recover'.")
  private boolean once;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public CatchUpCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (every.toMillis() < 1) {
      throw wrong("--every is " + Durations.format(every) + ": use 1s or more");
    }
    var stopped = new CountDownLatch(1);
    try (Connections connections = open();
        CtrlC ctrlC = CtrlC.watch(terminal, stopped::countDown);
        RetryLedger known = ledger.open();
        Progress progress = Progress.on(terminal.err())) {
      boolean isOne = connections.clients().size() == 1;
      CatchUp catchUp =
          catchUp(
              connections.webhooks(),
              recovery(connections.clients())
                  .ledger(known)
                  .listener(new ProgressWatcher(isOne ? progress : RecoveryListener.NONE, ctrlC)));
      var printer = new CatchUpPrinter(terminal, output.format(), known, connections.names());
      Function<Account, CatchUpRound> round = account -> printer.print(catchUp.runOnce(account));
      if (!once) {
        terminal.note("Catching up every " + Durations.format(every) + ", until Ctrl-C ends it.");
      }
      var loop =
          new CatchUpLoop(
              terminal, TimeSource.system()::nanoTime, pause -> !isOver(stopped, pause));
      return ctrlC.run(
          catchUp::cancel,
          () ->
              together(
                  catchUp.accounts(),
                  account ->
                      once
                          ? exitCode(round.apply(account))
                          : endingAll(
                              stopped,
                              catchUp,
                              () -> loop.run(every, () -> round.apply(account)))));
    }
  }

  /** If the loop of an account fails, those of the others end, too: so that the failure is seen. */
  private static int endingAll(CountDownLatch stopped, CatchUp catchUp, IntSupplier loop) {
    try {
      return loop.getAsInt();
    } catch (RuntimeException e) {
      stopped.countDown();
      catchUp.cancel();
      throw e;
    }
  }

  /** Does something for each account, so that none waits for another. Returns the worst code. */
  private static int together(List<Account> accounts, ToIntFunction<Account> work) {
    ExecutorService threads = Executors.newFixedThreadPool(accounts.size());
    try {
      List<CompletableFuture<Integer>> codes =
          accounts.stream()
              .map(account -> supplyAsync(() -> work.applyAsInt(account), threads))
              .toList();
      return codes.stream().mapToInt(CatchUpCommand::join).max().orElse(ExitCode.OK);
    } finally {
      threads.shutdown();
    }
  }

  private static int join(CompletableFuture<Integer> code) {
    try {
      return code.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failed ? failed : e;
    }
  }

  private static int exitCode(CatchUpRound round) {
    RecoveryReport report = round.report();
    return report == null ? ExitCode.NOT_ALL_DELIVERED : ExitCode.of(report);
  }

  /** Rounds of one webhook have looked at no other: each has windows of its own. */
  private CatchUp catchUp(String webhooks, Recovery.Builder builder) {
    try {
      return CatchUp.of(builder).overlap(lookBack).name(webhooks).build();
    } catch (IllegalArgumentException e) {
      String given =
          Stream.of("--limit", "--until", "--again")
              .filter(spec.commandLine().getParseResult()::hasMatchedOption)
              .collect(Collectors.joining(", "));
      throw wrong(given + ": " + e.getMessage());
    }
  }

  private static boolean isOver(CountDownLatch stopped, Duration pause) {
    try {
      return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
