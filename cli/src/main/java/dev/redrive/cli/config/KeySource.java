package dev.redrive.cli.config;

import dev.redrive.cli.terminal.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Where a key is kept. The key itself is in no file of ours and in no argument.
 *
 * @param kind what it is read from
 * @param value the variable's name, the file's path, or the command
 */
public record KeySource(Kind kind, String value) {
  public static final String DEFAULT_VARIABLE = "REDRIVE_API_KEY";
  public static final KeySource DEFAULT = new KeySource(Kind.ENV, DEFAULT_VARIABLE);

  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");
  private static final String PEM = "-----BEGIN ";
  private static final int LONGEST_KEY = 64 * 1024;
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** What a key is read from. */
  public enum Kind {
    /** An environment variable. */
    ENV,
    /** A file that holds nothing else. */
    FILE,
    /** What a command prints: its first line, or a whole PEM file. */
    COMMAND;

    /** What names it in a profile, after the name of the key. */
    public String suffix() {
      return "-" + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads the key.
   *
   * @throws ConfigException if it is not there; the message shows neither key nor command
   */
  public String read(Map<String, String> environment) {
    return switch (kind) {
      case ENV -> variable(environment);
      case FILE -> file();
      case COMMAND -> command(LONGEST);
    };
  }

  /** For people: what somebody pasted in the wrong place is not shown. */
  @Override
  public String toString() {
    return switch (kind) {
      case ENV -> "variable " + (VARIABLE.matcher(value).matches() ? value : Hidden.SHOWN);
      case FILE -> "file " + shown();
      case COMMAND -> "command " + shown();
    };
  }

  /** Whether somebody seems to have written the key itself where its place belongs. */
  public boolean isLikeAKey() {
    boolean isVariable = kind == Kind.ENV && VARIABLE.matcher(value).matches();
    return !isVariable && shown().equals(Hidden.SHOWN);
  }

  /** Whether it is a file that is there. */
  public boolean isFile() {
    return kind == Kind.FILE && Files.exists(Path.of(value));
  }

  /** The same wherever the command is run. */
  public KeySource absolute() {
    return kind == Kind.FILE
        ? new KeySource(kind, Path.of(value).toAbsolutePath().toString())
        : this;
  }

  private String shown() {
    return Hidden.in(value, List.of(value.split("\\s+", -1)));
  }

  private String variable(Map<String, String> environment) {
    String key = environment.getOrDefault(value, "");
    if (key.isEmpty()) {
      throw new ConfigException("no API key: the " + this + " is not set");
    }
    return key;
  }

  private String file() {
    String problem;
    try {
      String key = Files.readString(Path.of(value)).strip();
      if (!key.isEmpty()) {
        return key;
      }
      problem = " is empty: write the key into it";
    } catch (MalformedInputException e) {
      problem = " is not a text file";
    } catch (NoSuchFileException e) {
      problem = " does not exist";
    } catch (AccessDeniedException e) {
      problem = " cannot be read: permission denied";
    } catch (IOException e) {
      problem = " cannot be read";
    }
    throw new ConfigException("no API key: the " + this + problem);
  }

  /** Its errors and questions are the terminal's. */
  String command(Duration longest) {
    if (isLikeAKey()) {
      // The shell would name it in its error.
      throw new ConfigException(
          "no API key: the key command looks like a key itself: write a command, or its whole"
              + " path");
    }
    try {
      Process process =
          new ProcessBuilder(shell())
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        String output = output(process, longest);
        int exitCode = process.waitFor();
        String key = key(output);
        if (exitCode != 0 || key.isEmpty()) {
          throw new ConfigException(
              "no API key: the key command "
                  + (exitCode == 0 ? "printed nothing" : "ended with exit code " + exitCode)
                  + ". Run it by hand to see why");
        }
        return key;
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new ConfigException("no API key: the key command cannot be run: no shell was found");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConfigException("stopped while the key command ran");
    }
  }

  /** Password managers print other things below the key. */
  private static String key(String output) {
    return output.startsWith(PEM) ? output.strip() : output.lines().findFirst().orElse("").strip();
  }

  private static String output(Process process, Duration longest) throws InterruptedException {
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    try {
      return output.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new ConfigException(
          "no API key: the key command did not end in " + longest.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new ConfigException("no API key: what the key command printed could not be read");
    }
  }

  private static String text(InputStream stream) {
    try {
      return new String(stream.readNBytes(LONGEST_KEY), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> shell() {
    boolean isWindows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    return isWindows ? List.of("cmd", "/c", value) : List.of("/bin/sh", "-c", value);
  }
}
