package dev.redrive.cli.commands;

import dev.redrive.cli.options.OutputOption;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Json;
import dev.redrive.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands have in common: a terminal, the form of output, and their own command line. */
@SuppressWarnings("NullAway.Init") // picocli sets the spec.
abstract class BaseCommand implements Callable<Integer> {
  final Terminal terminal;

  @Mixin final OutputOption output = new OutputOption();

  @Spec CommandSpec spec;

  BaseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One JSON object on stdout. */
  final void print(Fields fields) {
    terminal.out().println(Json.line(fields));
  }

  /** A command line that cannot work; {@code problem} says what to do. */
  final ParameterException wrong(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}
