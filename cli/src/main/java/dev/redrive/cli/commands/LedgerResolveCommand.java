package dev.redrive.cli.commands;

import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.AccountOptions;
import dev.redrive.cli.options.Candidates;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerAdmin.History;
import dev.redrive.recovery.ledger.LedgerAdmin.Resolution;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code redrive ledger resolve}. */
@Command(
    name = "resolve",
    mixinStandardHelpOptions = true,
    description = {
      "Corrects what the ledger says of one delivery, when you know more than the logs: that it"
          + " arrived, or that it has to be sent again.",
      "Shows what it would change, and asks. Sends nothing by itself."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  redrive ledger resolve b2c3d4e5-f6a7-8901-bcde-f23456789012 --as delivered",
      "  redrive ledger resolve 1041 --as send-again --provider onlyoffice --yes"
    })
public final class LedgerResolveCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final AccountOptions accounts = new AccountOptions();
  @Mixin private final Consent consent = new Consent();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "The delivery's id, or that of one of its attempts.")
  private String id;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "STATE",
      converter = ToResolution.class,
      completionCandidates = Resolutions.class,
      description =
          "${COMPLETION-CANDIDATES}: delivered if it arrived, send-again to have the next recovery"
              + " send it whatever its state.")
  private Resolution resolution;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public LedgerResolveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    consent.check(spec, terminal);
    Optional<RetryLedger> opened = ledger.openToRead();
    if (opened.isEmpty()) {
      return failed("there is no ledger at " + ledger + ": check --ledger");
    }
    try (RetryLedger state = opened.get()) {
      List<History> found = LedgerSearch.find(state, id, accounts::fits);
      if (found.isEmpty()) {
        return failed(id + " is not in the ledger " + ledger + ": check the id and --ledger");
      }
      if (found.size() > 1) {
        return failed(
            id
                + " is of several accounts ("
                + String.join(", ", found.stream().map(one -> one.entry().account() + "").toList())
                + "): name one with --provider and --account");
      }
      return resolve(state, found.get(0).entry());
    }
  }

  private int resolve(RetryLedger state, LedgerEntry entry) {
    if (!consent.given(question(entry), terminal)) {
      terminal.note("Nothing is changed.");
      return ExitCode.NOT_ALL_DELIVERED;
    }
    LedgerAdmin.Result result = state.admin().resolve(entry.key(), resolution);
    if (result != LedgerAdmin.Result.DONE) {
      return failed(entry.key() + " " + result.description());
    }
    terminal.note(
        switch (resolution) {
          case DELIVERED -> "It counts as delivered now: no run sends it again.";
          case SEND_AGAIN -> "It is queued now: 'redrive recover' sends it.";
        });
    return ExitCode.OK;
  }

  private String question(LedgerEntry entry) {
    String now = entry.key() + " is " + Fate.of(entry.state()).words() + " now. ";
    return now
        + switch (resolution) {
          case DELIVERED -> "Count it as delivered, so that it is never sent again?";
          case SEND_AGAIN ->
              "Have the next recovery send it again, even if that delivers it twice?";
        };
  }

  private int failed(String problem) {
    terminal.error(problem);
    return ExitCode.FAILED;
  }

  private static String name(Resolution resolution) {
    return resolution.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads {@code delivered} or {@code send-again}. */
  public static final class ToResolution implements ITypeConverter<Resolution> {
    @Override
    public Resolution convert(String value) {
      return Arrays.stream(Resolution.values())
          .filter(resolution -> name(resolution).equalsIgnoreCase(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "unknown state '"
                          + value
                          + "': use "
                          + String.join(" or ", new Resolutions())));
    }
  }

  /** The corrections as they are typed. */
  public static final class Resolutions extends Candidates {
    private static final long serialVersionUID = 1L;

    public Resolutions() {
      super(Arrays.stream(Resolution.values()).map(LedgerResolveCommand::name).toList());
    }
  }
}
