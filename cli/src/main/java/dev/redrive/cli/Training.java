package dev.redrive.cli;

import dev.redrive.cli.terminal.Terminal;
import java.util.List;

/**
 * One run whose classes go into an archive, from which later runs load them fast: the help, and
 * then the command that the arguments name.
 */
final class Training {
  private Training() {}

  public static void main(String[] args) {
    for (List<String> help : List.of(List.of("--help"), List.of("recover", "--help"))) {
      int unused = Main.commandLine(Terminal.system()).execute(help.toArray(String[]::new));
    }
    Main.main(args);
  }
}
