package dev.redrive.cli;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.recovery.LedgerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line on stderr what went wrong, and tells the exit code. */
final class Errors implements IParameterExceptionHandler {
  private final Terminal terminal;

  Errors(Terminal terminal) {
    this.terminal = terminal;
  }

  /** A command line that cannot be understood, or settings that cannot work. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    terminal.error(inWords(message(e)) + suggestions(e));
    String name = command.getCommandSpec().qualifiedName();
    terminal
        .err()
        .print()
        .println("Usage: " + synopsis(command) + ". '" + name + " --help' lists all options.");
    return ExitCode.USAGE;
  }

  /** A failure on the way; its stack trace is shown from the second {@code -v} on. */
  int report(Exception e, int verbosity) {
    if (verbosity > 1) {
      e.printStackTrace(terminal.err().print());
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
      terminal.error(message(e));
      return ExitCode.USAGE;
    }
    if (e instanceof RedriveException
        || e instanceof LedgerException
        || e instanceof UnknownWebhookException) {
      terminal.error(message(e));
    } else if (e instanceof UncheckedIOException io && io.getCause() != null) {
      terminal.error(file(io.getCause()));
    } else if (e instanceof IOException io) {
      terminal.error(file(io));
    } else {
      terminal.error(
          "unexpected: "
              + e.getClass().getSimpleName()
              + ": "
              + message(e)
              + (verbosity > 1 ? "" : ". -v -v shows where; please report it."));
    }
    return ExitCode.FAILED;
  }

  /** A file's problem as people say it. */
  static String file(IOException e) {
    String message = message(e);
    if (e instanceof NoSuchFileException) {
      return message + ": there is no such file or folder";
    }
    return e instanceof AccessDeniedException ? message + ": permission denied" : message;
  }

  private static String suggestions(ParameterException e) {
    return e instanceof UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? ". Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?"
        : "";
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
