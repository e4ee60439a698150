package dev.redrive.cli;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.cli.config.ConfigException;
import dev.redrive.cli.config.KeySource;
import dev.redrive.cli.options.Providers;
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
  private static final Pattern JSON = Pattern.compile("(?i)(?:-v*o=?|--output=)json");
  private static final Pattern OUTPUT = Pattern.compile("-v*o|--output");

  private static final String WHERE_KEYS_COME_FROM =
      "The API key comes from the variable "
          + KeySource.DEFAULT_VARIABLE
          + " or from --api-key-file, never from an argument, which others on this machine can see";

  private final Terminal terminal;

  public Errors(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What went wrong; {@code advice} is null if it is a part of the problem's words. */
  private record Failure(String problem, @Nullable String advice, int exitCode) {
    static Failure of(Exception e) {
      return new Failure(message(e), null, ExitCode.FAILED);
    }
  }

  /** A command line that cannot be understood, or settings that cannot work. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    ParameterException first = typo(e);
    CommandLine command = first.getCommandLine();
    String problem =
        first instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
            ? unmatched(unmatched)
            : inWords(message(first));
    String help = "'" + command.getCommandSpec().qualifiedName() + " --help' lists all options.";
    List<String> arguments = List.of(args);
    if (isJson(arguments)) {
      return tell(new Failure(problem, help, ExitCode.USAGE), arguments, null);
    }
    tell(new Failure(problem, null, ExitCode.USAGE), arguments, null);
    terminal
        .err()
        .println("Usage: " + command.getHelp().abbreviatedSynopsis().strip() + ". " + help);
    return ExitCode.USAGE;
  }

  /** A failure on the way; its stack trace is shown from the second {@code -v} on. */
  public int report(Exception e, int verbosity, List<String> args) {
    if (verbosity < 2) {
      return tell(failure(e, "-v -v shows where; please report it."), args, null);
    }
    var trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    return tell(failure(e, null), args, Hidden.in(trace.toString(), args));
  }

  /** What a provider's failure is in one text, for a command that goes on. */
  public static String said(RedriveException e) {
    Failure failure = failure(e, null);
    return failure.problem() + (failure.advice() == null ? "" : ". " + failure.advice());
  }

  private static Failure failure(Exception e, @Nullable String ifUnexpected) {
    if (e instanceof UnsupportedCapabilityException unsupported) {
      return new Failure(
          "%s's API cannot do this: %s"
              .formatted(unsupported.call().provider(), unsupported.capability().description()),
          "'redrive providers' shows what each can do.",
          ExitCode.USAGE);
    }
    if (e instanceof OperationInterruptedException) {
      return new Failure("stopped", null, ExitCode.INTERRUPTED);
    }
    if (e instanceof InvalidConfigurationException || e instanceof ConfigException) {
      return new Failure(message(e), null, ExitCode.USAGE);
    }
    if (e instanceof RedriveException failed) {
      return new Failure(failed.summary(), failed.advice(), ExitCode.FAILED);
    }
    if (e instanceof LedgerException || e instanceof CommandException) {
      return Failure.of(e);
    }
    Exception cause =
        e instanceof UncheckedIOException io && io.getCause() != null ? io.getCause() : e;
    if (cause instanceof IOException io) {
      return new Failure(file(io), null, ExitCode.FAILED);
    }
    String what = "unexpected: " + e.getClass().getSimpleName() + ": " + message(e);
    return new Failure(what, ifUnexpected, ExitCode.FAILED);
  }

  /** A file's problem as people say it. */
  private static String file(IOException e) {
    String message = message(e);
    if (e instanceof NoSuchFileException) {
      return message + ": there is no such file or folder";
    }
    return e instanceof AccessDeniedException ? message + ": permission denied" : message;
  }

  private int tell(Failure failure, List<String> args, @Nullable String trace) {
    if (isJson(args)) {
      terminal.speakToScripts();
    }
    String problem = Hidden.in(failure.problem(), args);
    String advice = problem.equals(failure.problem()) ? failure.advice() : WHERE_KEYS_COME_FROM;
    terminal.error(problem, advice, failure.exitCode(), trace);
    return failure.exitCode();
  }

  /** By the bare words: the line may be what cannot be understood. */
  static boolean isJson(List<String> args) {
    return IntStream.range(0, args.size())
        .anyMatch(
            i ->
                JSON.matcher(args.get(i)).matches()
                    || (i > 0
                        && OUTPUT.matcher(args.get(i - 1)).matches()
                        && args.get(i).equalsIgnoreCase("json")));
  }

  /**
   * A mistyped option is the cause of what is missing, so it is named first. 'help' knows no
   * suggestions for a mistyped command.
   */
  private static ParameterException typo(ParameterException e) {
    if (e.getMessage() != null && e.getMessage().startsWith("Unknown subcommand")) {
      return new UnmatchedArgumentException(e.getCommandLine(), List.of(e.getValue()));
    }
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
        isOption ? "unknown option" : isCommand ? "unknown command" : "unexpected argument";
    return what
        + (name.isEmpty() ? "" : " " + name)
        + (Hidden.asksForASecret(name) ? ". " + WHERE_KEYS_COME_FROM : suggestion(e, first, name));
  }

  private static String suggestion(UnmatchedArgumentException e, String first, String name) {
    boolean isOfACommand =
        e.getCommandLine().getSubcommands().values().stream()
            .anyMatch(sub -> sub.getCommandSpec().optionsMap().containsKey(name));
    if (isOfACommand) {
      return ": it goes after the command, as in 'redrive COMMAND " + name + "'";
    }
    if (Providers.find(first).isPresent()) {
      return ". Did you mean --provider " + first + "?";
    }
    return e.getSuggestions().isEmpty()
        ? ""
        : ". Did you mean " + String.join(" or ", e.getSuggestions()) + "?";
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** picocli speaks of Java's types. */
  private static String inWords(String message) {
    return message
        .replaceAll("is not an? (int|long)\\b", "is not a whole number")
        .replaceFirst(
            "(?s)^Value for option option (\\S+) .* should be in KEY=VALUE format.*",
            "Value for option $1 should be NAME=VALUE")
        .replace("is not a double", "is not a number");
  }
}
