package dev.redrive.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands in a folder of their own, without a terminal. */
final class Shell {
  /** The source tree, its jars built. */
  static final Path TREE =
      Path.of(System.getProperty("redrive.home", "..")).toAbsolutePath().normalize();

  static final Path JAR = TREE.resolve("cli/target/redrive.jar");
  static final Path DEMO_JAR = TREE.resolve("demo/target/redrive-demo.jar");

  /** The classes of one recovery, loaded fast; made by the tests of the command line. */
  private static final Path ARCHIVE = TREE.resolve("cli/target/redrive-test.jsa");

  static final String JAVA = Path.of(System.getProperty("java.home"), "bin/java").toString();
  private static final long LONGEST_SECONDS = 110;

  private final Path folder;
  private final Map<String, String> environment;

  Shell(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  /** The demo, as the launcher has it run. */
  Running demo(String... arguments) {
    List<String> command = new ArrayList<>();
    // A build that runs in the background may have been told to ignore Ctrl-C.
    command.addAll(List.of("env", "--default-signal=INT", JAVA));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xlog:disable"));
    command.add("-XX:SharedArchiveFile=" + ARCHIVE);
    command.addAll(List.of("-cp", JAR + ":" + DEMO_JAR, "dev.redrive.cli.Main", "demo"));
    command.addAll(Arrays.asList(arguments));
    return start(command);
  }

  Result run(String... command) {
    return start(List.of(command)).await();
  }

  Running start(List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "out", null);
      Path err = Files.createTempFile(folder, "err", null);
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().put("NO_COLOR", "");
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      return new Running(process, out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that is under way. */
  record Running(Process process, Path out, Path err) {
    Running awaitText(String text) {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
      while (!read(out).contains(text)) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new AssertionError("waited for " + text + ": " + read(out) + read(err));
        }
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      return this;
    }

    /** Sends the signal that Ctrl-C sends. */
    Running interrupt() {
      try {
        new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
        return this;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    Result await() {
      try {
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("it does not end: " + read(out) + read(err));
        }
        return new Result(process.exitValue(), read(out), read(err));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What a command did. */
  record Result(int exitCode, String out, String err) {}

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
