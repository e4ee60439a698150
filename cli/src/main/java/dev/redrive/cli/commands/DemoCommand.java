package dev.redrive.cli.commands;

import dev.redrive.ProviderFactory;
import dev.redrive.cli.CommandException;
import dev.redrive.cli.options.Words;
import dev.redrive.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redrive demo}: its options, and where it is found. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows in three acts, with fakes of the providers on this machine: the obvious loop at the"
          + " failures of an outage; Redrive at the same; and Redrive killed and run again.",
      "Needs no key and no network, and takes less than a minute."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive demo",
      "  redrive demo --provider onlyoffice --failures 1000",
      "  redrive demo --provider baanx,voiso --seed 7 \\",
      "      --report /tmp/demo.html --verbose"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int MOST_FAILURES = 10_000;

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      split = ",",
      converter = Words.ProviderNames.class,
      completionCandidates = Words.ProviderNames.class,
      description = "One or several of ${COMPLETION-CANDIDATES}. Default: all of them.")
  private List<ProviderFactory> providers = List.of();

  @Option(
      names = "--failures",
      paramLabel = "N",
      defaultValue = "200",
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

  @Option(names = "--verbose", description = "Show the plans, the passes and the reports, too.")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (failures < 1 || failures > MOST_FAILURES) {
      throw new ParameterException(
          spec.commandLine(), "--failures is " + failures + ": use 1 to " + MOST_FAILURES);
    }
    Optional<Demo> demo = ServiceLoader.load(Demo.class).findFirst();
    if (demo.isEmpty()) {
      throw new CommandException(
          "the demo is not part of this jar, because it needs the fakes of the test kit: get the"
              + " source of Redrive, and run './redrive demo' there, which builds it");
    }
    return demo.get()
        .run(terminal, new Demo.Settings(chosen(demo.get()), failures, seed, report, verbose));
  }

  /** Each once. */
  private List<ProviderFactory> chosen(Demo demo) {
    List<ProviderFactory> here = demo.providers();
    for (ProviderFactory provider : providers) {
      if (!here.contains(provider)) {
        throw new ParameterException(
            spec.commandLine(), "there is no fake of " + provider.name() + " to show");
      }
    }
    return here.stream()
        .filter(provider -> providers.isEmpty() || providers.contains(provider))
        .toList();
  }
}
