package dev.redrive.cli.terminal;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps keys out of messages: people paste them where a name, a number or a file belongs, and what
 * is written to stderr ends in logs.
 */
public final class Hidden {
  public static final String SHOWN = "(hidden)";
  private static final int SHORTEST = 16;
  private static final Pattern OPTION = Pattern.compile("--?[a-z]+(-[a-z]+)*");
  private static final int LONGEST_OPTION = 30;
  private static final Pattern COMMAND = Pattern.compile("[a-z-]{1,20}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_+/=.~:-]+");
  private static final Pattern PREFIXED = Pattern.compile("(?:sk|pk|rk|api|key|token)[_-].+");
  private static final Pattern PATH = Pattern.compile("[/.~].*|.*\\.[a-z]{2,5}");
  private static final Pattern URL = Pattern.compile("[a-z]+:.*");
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d.*");
  private static final Pattern UUID =
      Pattern.compile("\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
  private static final Set<String> SECRET_WORDS =
      Set.of("key", "token", "secret", "password", "auth", "bearer", "credential");

  /** What these name is shown: it must be found again. */
  private static final Set<String> NAMES_A_FILE = Set.of("--ledger", "--results", "--report");

  private Hidden() {}

  /** The name of an option that nobody knows, without its value; empty if it may be no name. */
  public static String optionName(String argument) {
    String name = argument.split("=", 2)[0];
    return OPTION.matcher(name).matches() && name.length() <= LONGEST_OPTION ? name : "";
  }

  /** Whether it may be shown as a mistyped command. */
  public static boolean isLikeACommand(String argument) {
    return COMMAND.matcher(argument).matches();
  }

  /** Whether an option's name asks for something secret, and not for where that is kept. */
  public static boolean asksForASecret(String option) {
    String name = option.toLowerCase(Locale.ROOT);
    return SECRET_WORDS.stream().anyMatch(name::contains) && !name.matches(".*-(file|env|command)");
  }

  /** The message without those of the arguments that look like keys. */
  public static String in(String message, List<String> arguments) {
    String clean = message;
    for (String secret : secrets(arguments)) {
      clean = clean.replace(secret, SHOWN);
    }
    return clean;
  }

  private static List<String> secrets(List<String> arguments) {
    return IntStream.range(0, arguments.size())
        .filter(i -> i == 0 || !NAMES_A_FILE.contains(arguments.get(i - 1)))
        .mapToObj(arguments::get)
        .filter(argument -> !NAMES_A_FILE.contains(optionName(argument)))
        .flatMap(argument -> Stream.of(argument, argument.replaceFirst("^[^=]*=", "")))
        .flatMap(value -> Stream.concat(Stream.of(value), Arrays.stream(value.split(",", -1))))
        .filter(Hidden::isLikeAKey)
        .sorted(Comparator.comparing(String::length).reversed())
        .distinct()
        .toList();
  }

  private static boolean isLikeAKey(String value) {
    if (value.startsWith("-")
        || value.length() < SHORTEST
        || !TOKEN.matcher(value).matches()
        || Stream.of(PATH, URL, TIME, UUID).anyMatch(known -> known.matcher(value).matches())) {
      return false;
    }
    return PREFIXED.matcher(value).matches()
        || (value.chars().anyMatch(Character::isLetter)
            && value.chars().anyMatch(Character::isDigit));
  }
}
