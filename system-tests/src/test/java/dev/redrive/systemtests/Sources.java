package dev.redrive.systemtests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The project's own files. */
final class Sources {
  private Sources() {}

  /** The project's folder. */
  static Path root() {
    // Maven runs tests in their module's folder.
    return Path.of("..").toAbsolutePath().normalize();
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
