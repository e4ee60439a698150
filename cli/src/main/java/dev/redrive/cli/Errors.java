package dev.redrive.cli;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.cli.commands.UnknownRunException;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Json;
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
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says on stderr what went wrong and what to do, and tells the exit code: in one line, or under
 * {@code -o json} as one JSON object.
 */
public final class Errors implements IParameterExceptionHandler {
  private static final Pattern JSON = Pattern.compile("(?i)(?:-o|--output=|-o=)json");

  private final Terminal terminal;

  public Errors(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What went wrong; {@code advice} is null if it is a part of the problem's words. */
  private record Failure(String problem, @Nullable String advice, int exitCode) {}

  /** A command line that cannot be understood, or settings that cannot work. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    ParameterException first = typo(e);
    CommandLine command = first.getCommandLine();
    String problem =
        first instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
            ? unmatched(unmatched)
            : inWords(message(first));
    String name = command.getCommandSpec().qualifiedName();
    String help = "'" + name + " --help' lists all options.";
    List<String> arguments = List.of(args);
    if (isJson(arguments)) {
      return tell(new Failure(problem, help, ExitCode.USAGE), arguments);
    }
    tell(new Failure(problem, null, ExitCode.USAGE), arguments);
    terminal.err().print().println("Usage: " + synopsis(command) + ". " + help);
    return ExitCode.USAGE;
  }

  /** A failure on the way; its stack trace is shown from the second {@code -v} on. */
  public int report(Exception e, int verbosity, List<String> args) {
    if (verbosity > 1) {
      var trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      terminal.err().print().print(Hidden.in(trace.toString(), args));
    }
    return tell(failure(e, verbosity), args);
  }

  private static Failure failure(Exception e, int verbosity) {
    if (e instanceof UnsupportedCapabilityException unsupported) {
      return new Failure(
          unsupported.call().provider()
              + "'s API cannot do this: "
              + unsupported.capability().description(),
          "'redrive providers' shows what each can do.",
          ExitCode.USAGE);
    }
    if (e instanceof OperationInterruptedException) {
      return new Failure("stopped", null, ExitCode.INTERRUPTED);
    }
    if (e instanceof InvalidConfigurationException) {
      return new Failure(message(e), null, ExitCode.USAGE);
    }
    if (e instanceof RedriveException failed) {
      return new Failure(failed.summary(), failed.advice(), ExitCode.FAILED);
    }
    if (e instanceof LedgerException || e instanceof UnknownRunException) {
      return new Failure(message(e), null, ExitCode.FAILED);
    }
    if (e instanceof UncheckedIOException io && io.getCause() != null) {
      return new Failure(file(io.getCause()), null, ExitCode.FAILED);
    }
    if (e instanceof IOException io) {
      return new Failure(file(io), null, ExitCode.FAILED);
    }
    return new Failure(
        "unexpected: " + e.getClass().getSimpleName() + ": " + message(e),
        verbosity > 1 ? null : "-v -v shows where; please report it.",
        ExitCode.FAILED);
  }

  /** A file's problem as people say it. */
  public static String file(IOException e) {
    String message = message(e);
    if (e instanceof NoSuchFileException) {
      return message + ": there is no such file or folder";
    }
    return e instanceof AccessDeniedException ? message + ": permission denied" : message;
  }

  private int tell(Failure failure, List<String> args) {
    String problem = Hidden.in(failure.problem(), args);
    String advice = Hidden.isIn(problem) ? Hidden.WHERE_KEYS_COME_FROM : failure.advice();
    if (isJson(args)) {
      var fields =
          new Fields()
              .text("error", problem)
              .text("advice", advice)
              .value("exitCode", failure.exitCode());
      terminal.err().print().println(Json.line(fields));
    } else {
      terminal.error(advice == null ? problem : problem + ". " + advice);
    }
    return failure.exitCode();
  }

  /** By the bare words: the line may be what cannot be understood. */
  private static boolean isJson(List<String> args) {
    return IntStream.range(0, args.size())
        .anyMatch(
            i ->
                JSON.matcher(args.get(i)).matches()
                    || (i > 0
                        && Set.of("-o", "--output").contains(args.get(i - 1))
                        && args.get(i).equalsIgnoreCase("json")));
  }

  /** A mistyped option is the cause of what is missing, so it is named first. */
  private static ParameterException typo(ParameterException e) {
    List<String> unmatched = e.getCommandLine().getUnmatchedArguments();
    return e instanceof MissingParameterException
            && unmatched.stream().anyMatch(word -> word.startsWith("-"))
        ? new UnmatchedArgumentException(
            e.getCommandLine(),
            unmatched.stream().dropWhile(word -> !word.startsWith("-")).toList())
        : e;
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
