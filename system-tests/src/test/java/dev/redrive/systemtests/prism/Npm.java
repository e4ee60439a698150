package dev.redrive.systemtests.prism;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Packages of npm, kept in this module's build folder. */
final class Npm {
  private static final Path FOLDER = Path.of("target", "npm").toAbsolutePath();
  private static final int MINUTES = 10;

  private Npm() {}

  /** Whether Node.js and npm can be run. */
  static boolean isThere() {
    return run(List.of("node", "--version")).isPresent() && run(npm("--version")).isPresent();
  }

  /**
   * Installs a package with what it depends on; returns where it is, empty if it is not to be had.
   */
  static Optional<Path> install(String name, String version) {
    Path installed = FOLDER.resolve("node_modules").resolve(name);
    if (Files.exists(installed.resolve("package.json"))) {
      return Optional.of(installed);
    }
    return run(npm("install", "--no-audit", "--no-fund", name + "@" + version))
        .map(output -> installed);
  }

  /** Returns one file of a package that depends on nothing; empty if it is not to be had. */
  static Optional<Path> file(String name, String version, String path) {
    Path file = FOLDER.resolve("package").resolve(path);
    if (Files.exists(file)) {
      return Optional.of(file);
    }
    return run(npm("pack", "--silent", name + "@" + version))
        .map(String::strip)
        .flatMap(archive -> run(List.of("tar", "-xzf", archive, "package/" + path)))
        .map(output -> file);
  }

  private static List<String> npm(String... words) {
    boolean isWindows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
    List<String> command = new ArrayList<>(List.of(isWindows ? "npm.cmd" : "npm"));
    command.addAll(List.of(words));
    return command;
  }

  /** Returns the output of a program; empty if it does not exist or fails. */
  private static Optional<String> run(List<String> command) {
    try {
      Files.createDirectories(FOLDER);
      Path output = Files.createTempFile(FOLDER, "output", ".txt");
      Process process =
          new ProcessBuilder(command)
              .directory(FOLDER.toFile())
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly();
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
