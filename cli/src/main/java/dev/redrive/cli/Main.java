package dev.redrive.cli;

import dev.redrive.cli.commands.CatchUpCommand;
import dev.redrive.cli.commands.CompletionCommand;
import dev.redrive.cli.commands.ConfigCommand;
import dev.redrive.cli.commands.DemoCommand;
import dev.redrive.cli.commands.DoctorCommand;
import dev.redrive.cli.commands.FailuresCommand;
import dev.redrive.cli.commands.HistoryCommand;
import dev.redrive.cli.commands.LedgerCommand;
import dev.redrive.cli.commands.LedgerPathCommand;
import dev.redrive.cli.commands.LedgerPurgeCommand;
import dev.redrive.cli.commands.LedgerResolveCommand;
import dev.redrive.cli.commands.LedgerStatsCommand;
import dev.redrive.cli.commands.LedgerStopCommand;
import dev.redrive.cli.commands.LogsCommand;
import dev.redrive.cli.commands.PlanCommand;
import dev.redrive.cli.commands.ProvidersCommand;
import dev.redrive.cli.commands.RecoverCommand;
import dev.redrive.cli.commands.ReportCommand;
import dev.redrive.cli.commands.RetryCommand;
import dev.redrive.cli.commands.ShowCommand;
import dev.redrive.cli.commands.WebhooksCommand;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Stdout;
import dev.redrive.cli.terminal.Terminal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code redrive} command. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header = "Lists webhook deliveries that failed at a provider, and sends them again, once each.",
    description = {
      "",
      "The API key comes from a profile ('redrive config'), from the variable REDRIVE_API_KEY, or"
          + " from --api-key-file.",
      "Results go to stdout, all else to stderr.",
      ""
    },
    commandListHeading = "%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all delivered, or nothing to do",
      "1:the run failed: key, network, provider, ledger",
      "2:the command line or the settings are wrong",
      "3:finished, stopped or declined; not all delivered, or held by another run",
      "130:interrupted by Ctrl-C; the state is kept"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive demo",
      "  redrive failures --provider chatt2me --since 6h",
      "  redrive recover --provider baanx --dry-run",
      "  redrive recover --provider voiso --yes -o json \\",
      "      --base-url https://cluster.voiso.com",
      "  redrive catch-up --provider chatt2me --every 15min",
      "",
      "'redrive COMMAND --help' tells more."
    })
public final class Main implements Runnable {
  private static final Set<String> VERSION = Set.of("--version", "-V");

  @Spec private CommandSpec spec;

  @Option(
      names = "-v",
      scope = ScopeType.INHERIT,
      description = "Show more detail; twice for stack traces.")
  private boolean[] verbose = {};

  @Option(
      names = "--utc",
      scope = ScopeType.INHERIT,
      description = "Read and show times in UTC. Default: the zone of this machine.")
  private boolean utc;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  private Main() {}

  public static void main(String[] args) {
    if (args.length == 1 && VERSION.contains(args[0])) {
      // Known without any of the rest.
      System.out.println(Version.text());
      return;
    }
    Terminal terminal = Terminal.system();
    // What loggers write gives way to the progress line, and the line to it.
    System.setErr(terminal.err().print());
    int exitCode = commandLine(terminal, words(args)).execute(args);
    if (!Stdout.problem().isEmpty()) {
      terminal.error("not all results could be written to stdout: " + Stdout.problem());
      exitCode = exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
    }
    System.exit(exitCode);
  }

  /** Null where all commands are needed in full. */
  private static @Nullable Set<String> words(String[] args) {
    Set<String> words = new HashSet<>(Arrays.asList(args));
    return words.stream().anyMatch(word -> word.contains("completion")) ? null : words;
  }

  /** All commands, talking to {@code terminal}. */
  public static CommandLine commandLine(Terminal terminal) {
    return commandLine(terminal, null);
  }

  /** With those in full that the words name; null for all. */
  static CommandLine commandLine(Terminal terminal, @Nullable Set<String> words) {
    var main = new Main();
    var line = new CommandLine(main);
    new Subcommands(line, terminal, words)
        .add(DemoCommand.class, DemoCommand::new)
        .add(ProvidersCommand.class, ProvidersCommand::new)
        .add(WebhooksCommand.class, WebhooksCommand::new)
        .add(LogsCommand.class, LogsCommand::new)
        .add(FailuresCommand.class, FailuresCommand::new)
        .add(PlanCommand.class, PlanCommand::new)
        .add(RecoverCommand.class, RecoverCommand::new)
        .add(CatchUpCommand.class, CatchUpCommand::new)
        .add(RetryCommand.class, RetryCommand::new)
        .add(HistoryCommand.class, HistoryCommand::new)
        .add(ShowCommand.class, ShowCommand::new)
        .add(LedgerCommand.class, Main::ledger)
        .add(DoctorCommand.class, DoctorCommand::new)
        .add(ReportCommand.class, ReportCommand::new)
        .add(ConfigCommand.class, ConfigCommand::new)
        .add(CompletionCommand.class, CompletionCommand::new)
        .add(CommandLine.HelpCommand.class, any -> new CommandLine.HelpCommand());
    var errors = new Errors(terminal);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setOut(terminal.out().writer())
        .setErr(terminal.err().writer())
        .setExecutionStrategy(parsed -> main.execute(parsed, line, terminal))
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(
            (e, failed, parsed) -> errors.report(e, main.verbose.length, parsed.expandedArgs()));
  }

  private int execute(ParseResult parsed, CommandLine line, Terminal terminal) {
    Logging.set(verbose.length);
    Times.use(utc ? ZoneOffset.UTC : ZoneId.systemDefault());
    if (Errors.isJson(parsed.expandedArgs())) {
      terminal.speakToScripts();
    }
    if (HelpLayout.isAskedFor(parsed)) {
      HelpLayout.fit(line, terminal);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static CommandLine ledger(Terminal terminal) {
    return new CommandLine(new LedgerCommand())
        .addSubcommand(new LedgerPathCommand(terminal))
        .addSubcommand(new LedgerStatsCommand(terminal))
        .addSubcommand(new LedgerResolveCommand(terminal))
        .addSubcommand(new LedgerPurgeCommand(terminal))
        .addSubcommand(new LedgerStopCommand(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given: start with 'redrive demo', or see --help");
  }
}
