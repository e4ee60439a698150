package dev.redrive.cli.commands;

import dev.redrive.cli.CommandException;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.AccountOptions;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.options.Words;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerAdmin.History;
import dev.redrive.recovery.ledger.LedgerAdmin.Resolution;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
public final class LedgerResolveCommand extends BaseCommand {
  @Mixin private final LedgerOption ledger = new LedgerOption();
  @Mixin private final AccountOptions accounts = new AccountOptions();
  @Mixin private final Consent consent = new Consent();

  @Parameters(paramLabel = "ID", description = "The delivery's id, or that of one of its attempts.")
  private String id;

  @Option(
      names = "--as",
      required = true,
      paramLabel = "STATE",
      converter = Words.Resolutions.class,
      completionCandidates = Words.Resolutions.class,
      description =
          "${COMPLETION-CANDIDATES}: delivered if it arrived, send-again to have the next recovery"
              + " send it whatever its state.")
  private Resolution resolution;

  @SuppressWarnings("NullAway.Init") // picocli sets the rest.
  public LedgerResolveCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    consent.check(spec, terminal);
    try (RetryLedger state = ledger.openExisting()) {
      LedgerEntry entry = find(state);
      boolean isAgreed = consent.given(question(entry), terminal);
      if (isAgreed) {
        LedgerAdmin.Result result = state.admin().resolve(entry.key(), resolution);
        if (result != LedgerAdmin.Result.DONE) {
          throw new CommandException(entry.key() + " " + result.description());
        }
      }
      tell(entry, isAgreed);
      return isAgreed ? ExitCode.OK : ExitCode.NOT_ALL_DELIVERED;
    }
  }

  private LedgerEntry find(RetryLedger state) {
    List<History> found = LedgerSearch.find(state, id, accounts::fits);
    if (found.isEmpty()) {
      throw new CommandException(
          id + " is not in the ledger " + ledger + ": check the id and --ledger");
    }
    if (found.size() > 1) {
      throw new CommandException(
          "%s is of several accounts (%s): name one with --provider and --account"
              .formatted(
                  id,
                  LedgerSearch.names(found.stream().map(one -> one.entry().account()).toList())));
    }
    return found.get(0).entry();
  }

  private String question(LedgerEntry entry) {
    return "%s is %s now. %s"
        .formatted(
            entry.key(),
            Fate.of(entry.state()).words(),
            switch (resolution) {
              case DELIVERED -> "Count it as delivered, so that it is never sent again?";
              case SEND_AGAIN ->
                  "Have the next recovery send it again, even if that delivers it twice?";
            });
  }

  private void tell(LedgerEntry before, boolean isChanged) {
    Fate now =
        switch (resolution) {
          case DELIVERED -> Fate.DELIVERED;
          case SEND_AGAIN -> Fate.NOT_SENT;
        };
    if (output.isJson()) {
      print(
          new Fields()
              .key(before.key())
              .value("was", Fate.of(before.state()))
              .value("state", isChanged ? now : Fate.of(before.state())));
      return;
    }
    terminal.note(
        !isChanged
            ? "Nothing is changed."
            : switch (resolution) {
              case DELIVERED -> "It counts as delivered now: no run sends it again.";
              case SEND_AGAIN -> "It is queued now: 'redrive recover' sends it.";
            });
  }
}
