package dev.redrive.cli.output;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is written beside its place and moved there once it is complete, so that what the
 * place held before outlives a run that fails or is killed. What is no regular file, such as a pipe
 * or {@code /dev/stdout}, is written to directly.
 */
public final class NewFile implements AutoCloseable {
  private final Path path;
  private final Path target;
  private final Path draft;
  private final Writer writer;
  private boolean isKept;

  /**
   * Opens it at once, so that a file that cannot be written is known before anything is sent.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  public NewFile(Path path) {
    this.path = path;
    try {
      this.target = target(path);
      this.draft = isPlain(target) ? beside(target) : target;
      this.writer = open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it is called by the user. */
  public Path path() {
    return path;
  }

  public Writer writer() {
    return writer;
  }

  /** It is complete: gives it its name, over what was there. */
  public void keep() throws IOException {
    writer.close();
    if (!draft.equals(target)) {
      if (Files.exists(target)) {
        keepPermissions();
      }
      move(draft, target);
    }
    isKept = true;
  }

  /** Drops what was written, unless it is kept. */
  @Override
  public void close() {
    if (isKept) {
      return;
    }
    try {
      writer.close();
      if (!draft.equals(target)) {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Writer open() throws IOException {
    if (draft.equals(target)) {
      return Files.newBufferedWriter(target);
    }
    try {
      return Files.newBufferedWriter(draft, StandardOpenOption.CREATE_NEW);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(path.toString());
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(path.toString());
    }
  }

  /** Gives a file its name, over what was there, at once where the file system can. */
  public static void move(Path draft, Path target) throws IOException {
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Who could not read the old file cannot read the new one. */
  private void keepPermissions() throws IOException {
    PosixFileAttributeView view =
        Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view != null) {
      view.setPermissions(Files.getPosixFilePermissions(target));
    }
  }

  /** A link stays one: the file that it names is replaced. */
  private static Path target(Path path) throws IOException {
    Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    if (Files.isDirectory(target)) {
      throw new FileSystemException(path.toString(), null, "is a folder: name a file");
    }
    if (Files.exists(target) && !Files.isWritable(target)) {
      throw new AccessDeniedException(path.toString());
    }
    return target;
  }

  private static boolean isPlain(Path target) {
    return Files.isRegularFile(target) || Files.notExists(target);
  }

  private static Path beside(Path target) {
    String draft =
        String.format("%s.%08x.part", target.getFileName(), ThreadLocalRandom.current().nextInt());
    return target.resolveSibling(draft);
  }

  /** All of a text at once. */
  public void write(String text) throws IOException {
    writer.write(text);
  }
}
