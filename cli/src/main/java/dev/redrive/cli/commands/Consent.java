package dev.redrive.cli.commands;

import dev.redrive.cli.terminal.Question;
import dev.redrive.cli.terminal.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --yes}, or a question. */
public final class Consent {
  @Option(
      names = {"-y", "--yes"},
      description = "Ask no question; needed where there is no terminal.")
  private boolean yes;

  /**
   * Looks before anything is done.
   *
   * @throws ParameterException if there is nobody to ask
   */
  public void check(CommandSpec command, Terminal terminal) {
    if (!yes && !terminal.canAsk()) {
      throw new ParameterException(
          command.commandLine(),
          command.name()
              + " asks before it sends or changes anything, and there is no terminal to ask on:"
              + " add --yes");
    }
  }

  /** Whether it is given beforehand. */
  public boolean isGiven() {
    return yes;
  }

  /** Whether it is given, beforehand or now. */
  public boolean given(String question, Terminal terminal) {
    return yes || new Question(terminal).ask(question);
  }
}
