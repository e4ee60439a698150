package dev.redrive.cli;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.cli.commands.UnknownRunException;
import dev.redrive.cli.terminal.Hidden;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.ledger.LedgerException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line on stderr what went wrong, and tells the exit code. */
public final class Errors implements IParameterExceptionHandler {
  private final Terminal terminal;

  public Errors(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A command line that cannot be understood, or settings that cannot work. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String problem =
        e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
            ? unmatched(unmatched)
            : inWords(message(e));
    error(problem, List.of(args));
    String name = command.getCommandSpec().qualifiedName();
    terminal
        .err()
        .print()
        .println("Usage: " + synopsis(command) + ". '" + name + " --help' lists all options.");
    return ExitCode.USAGE;
  }

  /** A failure on the way; its stack trace is shown from the second {@code -v} on. */
  public int report(Exception e, int verbosity, List<String> args) {
    if (verbosity > 1) {
      var trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      terminal.err().print().print(Hidden.in(trace.toString(), args));
    }
    if (e instanceof UnsupportedCapabilityException unsupported) {
      terminal.error(
          unsupported.call().provider()
              + "'s API cannot do this: "
              + unsupported.capability().description()
              + ". 'redrive providers' shows what each can do.");
      return ExitCode.USAGE;
    }
    if (e instanceof OperationInterruptedException) {
      terminal.error("stopped");
      return ExitCode.INTERRUPTED;
    }
    if (e instanceof InvalidConfigurationException) {
      error(message(e), args);
      return ExitCode.USAGE;
    }
    if (e instanceof RedriveException
        || e instanceof LedgerException
        || e instanceof UnknownRunException) {
      error(message(e), args);
    } else if (e instanceof UncheckedIOException io && io.getCause() != null) {
      error(file(io.getCause()), args);
    } else if (e instanceof IOException io) {
      error(file(io), args);
    } else {
      error(
          "unexpected: "
              + e.getClass().getSimpleName()
              + ": "
              + message(e)
              + (verbosity > 1 ? "" : ". -v -v shows where; please report it."),
          args);
    }
    return ExitCode.FAILED;
  }

  /** A file's problem as people say it. */
  public static String file(IOException e) {
    String message = message(e);
    if (e instanceof NoSuchFileException) {
      return message + ": there is no such file or folder";
    }
    return e instanceof AccessDeniedException ? message + ": permission denied" : message;
  }

  private void error(String problem, List<String> args) {
    String shown = Hidden.in(problem, args);
    terminal.error(Hidden.isIn(shown) ? shown + ". " + Hidden.WHERE_KEYS_COME_FROM : shown);
  }

  /** Names what nobody knows, and never its value: that may be a key. */
  private static String unmatched(UnmatchedArgumentException e) {
    String first = e.getUnmatched().get(0);
    boolean isOption = first.startsWith("-");
    boolean isCommand = !isOption && !e.getCommandLine().getSubcommands().isEmpty();
    String name = isOption ? Hidden.optionName(first) : "";
    if (isCommand && Hidden.isLikeACommand(first)) {
      name = "'" + first + "'";
    }
    String what =
        isOption ? "unknown option" : isCommand ? "unknown command" : "an argument too many";
    return what
        + (name.isEmpty() ? "" : " " + name)
        + (Hidden.asksForASecret(name) ? ". " + Hidden.WHERE_KEYS_COME_FROM : suggestions(e));
  }

  private static String suggestions(UnmatchedArgumentException e) {
    return e.getSuggestions().isEmpty()
        ? ""
        : ". Did you mean " + String.join(" or ", e.getSuggestions()) + "?";
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static String synopsis(CommandLine command) {
    return command.getHelp().abbreviatedSynopsis().strip();
  }

  /** picocli speaks of Java's types. */
  private static String inWords(String message) {
    return message
        .replaceAll("is not an? (int|long)\\b", "is not a whole number")
        .replace("is not a double", "is not a number");
  }
}
