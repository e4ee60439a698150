package dev.redrive.systemtests.prism;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stoplight Prism: an OpenAPI file as a server, or as a check between a client and a server. It is
 * a process of its own on a free port of the loopback address.
 */
final class Prism implements AutoCloseable {
  private static final String VERSION = "5.16.0";
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Pattern LISTENING = Pattern.compile("listening on (http://\\S+)");
  private static final Pattern TERMINAL = Pattern.compile("\\x1b\\[[0-9;]*m");

  private final Process process;
  private final Path output;
  private final String url;

  private Prism(Process process, Path output) {
    this.process = process;
    this.output = output;
    this.url = awaitUrl();
  }

  /** Whether it can be run: with Node.js, and from npm. */
  static boolean isThere() {
    return Npm.isThere() && Npm.install("@stoplight/prism-cli", VERSION).isPresent();
  }

  /**
   * Answers requests as the file says. A request that is not as the file says gets an error.
   *
   * @param openApi the file
   */
  static Prism mock(Path openApi) {
    return start(List.of("mock", "--errors", openApi.toString()));
  }

  /**
   * Passes requests on to a server. A request or an answer that is not as the file says gets an
   * error.
   */
  static Prism strictProxy(Path openApi, String server) {
    return start(List.of("proxy", "--errors", openApi.toString(), server));
  }

  /**
   * The same, but what is not as the file says is only told in the header {@code sl-violations}.
   */
  static Prism proxy(Path openApi, String server) {
    return start(List.of("proxy", openApi.toString(), server));
  }

  private static Prism start(List<String> arguments) {
    try {
      Path home = Npm.install("@stoplight/prism-cli", VERSION).orElseThrow();
      Path output = Files.createTempFile(home, "prism", ".log");
      List<String> command = new ArrayList<>();
      command.add("node");
      command.add(home.resolve("dist").resolve("index.js").toString());
      command.addAll(arguments.subList(0, 1));
      command.addAll(List.of("--host", "127.0.0.1", "--port", "0"));
      command.addAll(arguments.subList(1, arguments.size()));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      return new Prism(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String awaitUrl() {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      Matcher listening = LISTENING.matcher(output());
      if (listening.find()) {
        return listening.group(1);
      }
      pause();
    }
    process.destroyForcibly();
    throw new AssertionError("Prism did not start:\n" + output());
  }

  /** Waits a moment, or until the process has ended. */
  private void pause() {
    try {
      boolean unused = process.waitFor(100, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Where it listens. */
  String url() {
    return url;
  }

  /** What it printed, without colours. */
  String output() {
    return TERMINAL.matcher(Npm.text(output)).replaceAll("");
  }

  /** How many requests it received. */
  long requests() {
    return output().lines().filter(line -> line.contains("Request received")).count();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
