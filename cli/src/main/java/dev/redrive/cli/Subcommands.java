package dev.redrive.cli;

import dev.redrive.cli.terminal.Terminal;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands of a command line. picocli takes its time to read the options of each, so a command
 * that the words do not name is only outlined: name and description, as the list of commands needs.
 */
final class Subcommands {
  private final CommandLine line;
  private final Terminal terminal;
  private final @Nullable Set<String> words;

  /** {@code words} are what the user typed; null for all commands in full. */
  Subcommands(CommandLine line, Terminal terminal, @Nullable Set<String> words) {
    this.line = line;
    this.terminal = terminal;
    this.words = words;
  }

  Subcommands add(Class<?> type, Function<Terminal, Object> create) {
    Command command = Objects.requireNonNull(type.getAnnotation(Command.class));
    boolean isNamed = words == null || words.contains(command.name());
    Object added = isNamed ? create.apply(terminal) : outline(command);
    line.addSubcommand(command.name(), added);
    return this;
  }

  private static CommandSpec outline(Command command) {
    CommandSpec outline = CommandSpec.create().name(command.name());
    outline
        .usageMessage()
        .hidden(command.hidden())
        .header(command.header())
        .description(command.description());
    return outline;
  }
}
