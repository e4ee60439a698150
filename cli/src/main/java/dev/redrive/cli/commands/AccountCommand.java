package dev.redrive.cli.commands;

import dev.redrive.cli.options.ConnectionOptions;
import dev.redrive.cli.terminal.Terminal;
import java.util.Objects;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;

/** A command that connects to accounts at providers. */
abstract class AccountCommand extends BaseCommand {
  @Mixin final ConnectionOptions connection;

  AccountCommand(Terminal terminal) {
    super(terminal);
    this.connection = new ConnectionOptions(terminal);
  }

  /** Whether any option of the connection is given. */
  final boolean isConnected() {
    CommandSpec options = Objects.requireNonNull(spec.mixins().get("connection"));
    return spec.commandLine().getParseResult().matchedOptions().stream()
        .anyMatch(option -> options.findOption(option.longestName()) != null);
  }
}
