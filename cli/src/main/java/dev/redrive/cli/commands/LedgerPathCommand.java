package dev.redrive.cli.commands;

import dev.redrive.cli.ExitCode;
import dev.redrive.cli.options.LedgerOption;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.terminal.Terminal;
import java.nio.file.Files;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code redrive ledger path}. */
@Command(
    name = "path",
    mixinStandardHelpOptions = true,
    description = "Prints where the ledger is: a file, or a database without its credentials.")
public final class LedgerPathCommand extends BaseCommand {
  @Mixin private final LedgerOption ledger = new LedgerOption();

  public LedgerPathCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    String where = ledger.path().map(Object::toString).orElseGet(ledger::toString);
    // Whether a database is there is known once it is opened: 'stats' does.
    Boolean exists = ledger.path().map(Files::exists).orElse(null);
    if (output.isJson()) {
      print(new Fields().text("ledger", where).value("exists", exists));
      return ExitCode.OK;
    }
    terminal.out().println(where);
    if (Boolean.FALSE.equals(exists)) {
      terminal.note("It does not exist yet: the first recovery creates it.");
    }
    return ExitCode.OK;
  }
}
