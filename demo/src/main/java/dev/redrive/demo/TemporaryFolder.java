package dev.redrive.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder with files that is gone at the end, also after Ctrl-C. */
final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final Thread atExit = new Thread(this::deleteQuietly);

  TemporaryFolder(String name) throws IOException {
    this.path = Files.createTempDirectory(name);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    delete();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void delete() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(path)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.delete(path);
  }

  private void deleteQuietly() {
    try {
      delete();
    } catch (IOException e) {
      // A killed recovery may still write to it: what is left is in the system's temporary folder.
    }
  }
}
