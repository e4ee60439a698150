package dev.redrive.cli.options;

import dev.redrive.TimeSource;
import dev.redrive.cli.output.Times;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * How a command was called, to show it and to call it again. Times are absolute, so that they mean
 * the same later, and URLs are without credentials and query.
 *
 * @param command the words before the options; empty if the command line is not known
 * @param options the options, in the order in which they were given
 */
public record Invocation(List<String> command, List<Given> options) {
  /** Of a run whose command line is not known. */
  public static final Invocation NONE = new Invocation(List.of(), List.of());

  /** These change what is shown and not what is done, or approve what the caller saw once. */
  private static final Set<String> NOT_REPEATED =
      Set.of(
          "-v", "--yes", "--dry-run", "--results", "--report", "--output", "--help", "--version");

  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  public Invocation {
    command = List.copyOf(command);
    options = List.copyOf(options);
  }

  /**
   * An option with a value.
   *
   * @param value the value; empty for a flag
   */
  public record Given(String name, String value) {}

  /** Returns how the command of a parsed command line was called. */
  public static Invocation of(ParseResult parsed) {
    ZonedDateTime now = TimeSource.system().now().atZone(Times.zone());
    var given = new ArrayList<Given>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (NOT_REPEATED.contains(option.longestName())) {
        continue;
      }
      if (option.arity().max() == 0) {
        given.add(new Given(option.longestName(), ""));
      } else {
        for (String value : option.originalStringValues()) {
          Object typed = option.getValue();
          given.add(
              new Given(
                  option.longestName(),
                  typed instanceof When when
                      ? when.at(now).toString()
                      : withoutCredentials(value)));
        }
      }
    }
    return new Invocation(
        List.of(parsed.commandSpec().qualifiedName(" ").split(" ", -1)),
        given.stream().distinct().toList());
  }

  public boolean isKnown() {
    return !command.isEmpty();
  }

  /** Returns the options of this name. */
  public List<Given> options(String name) {
    return options.stream().filter(option -> option.name().equals(name)).toList();
  }

  /** Returns a copy with one more option, unless it has an option of this name. */
  public Invocation with(String name, String value) {
    if (!options(name).isEmpty()) {
      return this;
    }
    var more = new ArrayList<>(options);
    more.add(new Given(name, value));
    return new Invocation(command, more);
  }

  /** Returns the line as one types it in a shell. */
  public String line() {
    var words = new StringBuilder(String.join(" ", command));
    for (Given option : options) {
      words.append(' ').append(option.name());
      if (!option.value().isEmpty()) {
        words.append(' ').append(quoted(option.value()));
      }
    }
    return words.toString();
  }

  /** Returns a word as a shell takes it. */
  public static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static String withoutCredentials(String value) {
    return value.contains("://")
        ? value.replaceFirst("(?s)//.*@", "//").replaceFirst("(?s)[?;#].*", "")
        : value;
  }
}
