package dev.redrive.cli.commands;

import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.terminal.Terminal;
import picocli.CommandLine.Mixin;

/** A command that connects to accounts at providers. */
abstract class AccountCommand extends BaseCommand {
  @Mixin final ConnectionOptions connection;

  AccountCommand(Terminal terminal) {
    super(terminal);
    this.connection = new ConnectionOptions(terminal);
  }

  /** Whether any option of the connection is given. */
  final boolean isConnected() {
    return GivenOptions.anyOf(spec, "connection");
  }
}
