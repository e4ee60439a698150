package dev.redrive.cli.commands;

import dev.redrive.ProviderFactory;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.output.Table;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redrive demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a recovery: starts fakes of the providers on this machine, each with the failures of an"
          + " outage, and has them sent again.",
      "Needs no key and no network. Some events fail again at first; a second round brings them home."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive demo",
      "  redrive demo --provider onlyoffice --failures 1000",
      "  redrive demo --provider baanx,voiso --seed 7 --report /tmp/demo.html"
    })
public final class DemoCommand implements Callable<Integer> {
  /** Sending takes about so long, however many there are: long enough to watch. */
  private static final double SECONDS = 9;

  private static final double LEAST_RATE = 20;

  private static final int MOST_FAILURES = 10_000;
  private static final int BATCH_SIZE = 20;

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      split = ",",
      converter = ConnectionOptions.ToProvider.class,
      completionCandidates = ConnectionOptions.Names.class,
      description = "One or several of ${COMPLETION-CANDIDATES}. Default: all of them.")
  private List<ProviderFactory> providers = DemoWorld.providers();

  @Option(
      names = "--failures",
      paramLabel = "N",
      defaultValue = "250",
      description = "Failed deliveries at each provider. Default: ${DEFAULT-VALUE}.")
  private int failures;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed makes other ids, times and causes. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      defaultValue = "redrive-demo.html",
      description = "The page that is left behind. Default: ${DEFAULT-VALUE} in this folder.")
  private Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (failures < 1 || failures > MOST_FAILURES) {
      throw new ParameterException(
          spec.commandLine(), "--failures is " + failures + ": use 1 to " + MOST_FAILURES);
    }
    List<ProviderFactory> chosen = chosen();
    // The fakes end with the process, so that there is nothing to remember.
    Path folder = Files.createTempDirectory("redrive-demo");
    try (var world = new DemoWorld(chosen, failures, seed)) {
      return recover(world, chosen, folder.resolve("ledger.db"));
    } finally {
      delete(folder);
    }
  }

  /** Each once. */
  private List<ProviderFactory> chosen() {
    List<ProviderFactory> here = DemoWorld.providers();
    for (ProviderFactory provider : providers) {
      if (!here.contains(provider)) {
        throw new ParameterException(
            spec.commandLine(), "there is no fake of " + provider.name() + " to show");
      }
    }
    return here.stream().filter(providers::contains).toList();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private int recover(DemoWorld world, List<ProviderFactory> chosen, Path ledger) {
    var clients = new ArrayList<WebhookRetryClient>();
    try {
      clients.addAll(world.connect());
      chapter(
          "The receiver was down, and is up again. "
              + failures
              + " deliveries failed at each of "
              + chosen.size()
              + (chosen.size() == 1 ? " provider, " : " providers, ")
              + "fakes on this machine:");
      int first = runner(report).run(paced(clients), () -> JdbcLedger.open(ledger));
      if (isOver(first)) {
        return first;
      }
      if (world.refused() > 0) {
        chapter(
            "The receiver could not take "
                + world.refused()
                + " events. Now it is fixed, and --again sends what failed again once more:");
        world.fixReceiver();
        int second = runner(null).run(paced(clients).anotherRound(), () -> JdbcLedger.open(ledger));
        if (isOver(second)) {
          return second;
        }
      }
      return proof(world);
    } finally {
      clients.forEach(WebhookRetryClient::close);
    }
  }

  /** What is not delivered may be left to the provider, which is still retrying it: see proof. */
  private static boolean isOver(int exitCode) {
    return exitCode != ExitCode.OK && exitCode != ExitCode.NOT_ALL_DELIVERED;
  }

  private RecoveryRunner runner(@Nullable Path page) {
    return new RecoveryRunner(
        terminal,
        new RecoveryRunner.Output(
            OutputFormat.TABLE,
            Long.MAX_VALUE,
            RecoveryRunner.Approval.GIVEN,
            null,
            page,
            "The demo keeps nothing but its report: run it again for a new one."));
  }

  private Recovery.Builder paced(List<WebhookRetryClient> clients) {
    return Recovery.of(clients)
        .batchSize(BATCH_SIZE)
        .maxRate(Math.max(LEAST_RATE, clients.size() * failures / SECONDS));
  }

  private int proof(DemoWorld world) {
    chapter("What the receiver saw, by its own account:");
    List<DemoWorld.Account> accounts = world.accounts();
    try (var table =
        Table.indented(
            terminal.out(),
            "PROVIDER",
            "RETRY REQUESTS",
            "SENT AGAIN",
            "DELIVERED TWICE",
            "NEVER DELIVERED")) {
      accounts.forEach(
          a -> table.row(a.provider(), a.requests(), a.resends(), a.twice(), a.never()));
    }
    long twice = accounts.stream().mapToLong(DemoWorld.Account::twice).sum();
    long never = accounts.stream().mapToLong(DemoWorld.Account::never).sum();
    Terminal.Stream out = terminal.out();
    out.print().println();
    if (twice + never > 0) {
      out.print()
          .println(
              out.red(twice + " delivered twice, " + never + " lost: a bug. Please report it."));
      return ExitCode.FAILED;
    }
    out.print().println(out.green("Each event was delivered once: none twice, none lost."));
    out.print().println("Report of the first round: " + report.toAbsolutePath().normalize());
    return ExitCode.OK;
  }

  private void chapter(String text) {
    Terminal.Stream err = terminal.err();
    err.print().println();
    err.print().println(err.bold(text));
    err.print().println();
  }
}
