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
import dev.redrive.cli.commands.LogsCommand;
import dev.redrive.cli.commands.PlanCommand;
import dev.redrive.cli.commands.ProvidersCommand;
import dev.redrive.cli.commands.RecoverCommand;
import dev.redrive.cli.commands.RetryCommand;
import dev.redrive.cli.commands.ShowCommand;
import dev.redrive.cli.commands.WebhooksCommand;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Terminal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code redrive} command. */
@Command(
    name = "redrive",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    header =
        "Lists webhook deliveries that failed at a provider, and has them sent again, each once.",
    description = {
      "",
      "The API key comes from the environment variable REDRIVE_API_KEY or from --api-key-file.",
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
      "'redrive COMMAND --help' tells more of each."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "-v",
      scope = ScopeType.INHERIT,
      description = "Tell more of what is done; twice for stack traces.")
  private boolean[] verbose = {};

  @Option(
      names = "--utc",
      scope = ScopeType.INHERIT,
      description = "Read and show times in UTC. Default: the zone of this machine.")
  private boolean utc;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec.
  private Main() {}

  public static void main(String[] args) {
    Terminal terminal = Terminal.system();
    // What loggers write gives way to the progress line, and the line to it.
    System.setErr(terminal.err().print());
    System.exit(commandLine(terminal).execute(args));
  }

  /** All commands, talking to {@code terminal}. */
  public static CommandLine commandLine(Terminal terminal) {
    var main = new Main();
    var line =
        new CommandLine(main)
            .addSubcommand(new DemoCommand(terminal))
            .addSubcommand(new ProvidersCommand(terminal))
            .addSubcommand(new WebhooksCommand(terminal))
            .addSubcommand(new LogsCommand(terminal))
            .addSubcommand(new FailuresCommand(terminal))
            .addSubcommand(new PlanCommand(terminal))
            .addSubcommand(new RecoverCommand(terminal))
            .addSubcommand(new CatchUpCommand(terminal))
            .addSubcommand(new RetryCommand(terminal))
            .addSubcommand(new HistoryCommand(terminal))
            .addSubcommand(new ShowCommand(terminal))
            .addSubcommand(
                new CommandLine(new LedgerCommand())
                    .addSubcommand(new LedgerPathCommand(terminal))
                    .addSubcommand(new LedgerStatsCommand(terminal))
                    .addSubcommand(new LedgerResolveCommand(terminal))
                    .addSubcommand(new LedgerPurgeCommand(terminal)))
            .addSubcommand(new DoctorCommand(terminal))
            .addSubcommand(new ConfigCommand(terminal))
            .addSubcommand(new CompletionCommand(terminal))
            .addSubcommand(new CommandLine.HelpCommand());
    var errors = new Errors(terminal);
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedOptionsAllowed(false)
        .setOut(terminal.out().writer())
        .setErr(terminal.err().writer())
        .setExecutionStrategy(
            parsed -> {
              Logging.set(main.verbose.length);
              Times.use(main.utc ? ZoneOffset.UTC : ZoneId.systemDefault());
              if (HelpLayout.isAskedFor(parsed)) {
                HelpLayout.fit(line, terminal);
              }
              return new CommandLine.RunLast().execute(parsed);
            })
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(
            (e, failed, parsed) -> errors.report(e, main.verbose.length, parsed.expandedArgs()));
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "no command given: start with 'redrive demo', or see --help");
  }

  /** The version that the jar's manifest tells. */
  public static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"redrive " + (version == null ? "(not packaged)" : version)};
    }
  }
}
