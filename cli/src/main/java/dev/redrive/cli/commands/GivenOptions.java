package dev.redrive.cli.commands;

import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;

/** Which options a command line has. */
public final class GivenOptions {
  private GivenOptions() {}

  /**
   * Whether any option of a mixin is given.
   *
   * @param mixin the name of its field
   */
  public static boolean anyOf(CommandSpec command, String mixin) {
    CommandSpec options = Objects.requireNonNull(command.mixins().get(mixin), mixin);
    return command.commandLine().getParseResult().matchedOptions().stream()
        .anyMatch(option -> options.findOption(option.longestName()) != null);
  }
}
