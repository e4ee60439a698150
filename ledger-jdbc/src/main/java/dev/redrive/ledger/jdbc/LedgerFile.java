package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The file of a ledger in SQLite. */
final class LedgerFile {
  private LedgerFile() {}

  /** A new ledger next to one of an earlier version would send again what that one remembers. */
  private static void requireNoOlder(Path file, Failures failures) {
    String stem = file.toString().replaceFirst("\\.db$", "");
    Path older = Path.of(stem + ".mv.db");
    if (Files.exists(older)) {
      throw failures.ledger(
          "cannot be created next to "
              + older.getFileName()
              + ", which an earlier version wrote and this one cannot read. What it remembers may be"
              + " sent again: move it away only if that does no harm",
          null);
    }
  }

  /**
   * Creates the file if it does not exist, readable by its owner only. SQLite gives its other files
   * the same permissions.
   *
   * @throws LedgerException if it cannot be created, or there is a ledger of an earlier version
   *     next to it
   */
  static void create(Path file, Failures failures) {
    if (Files.exists(file)) {
      return;
    }
    requireNoOlder(file, failures);
    try {
      Files.createDirectories(file.getParent());
      if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.exists(file)) {
        throw failures.ledger(Failures.NOT_THERE, e);
      }
      // Another process was faster.
    } catch (IOException e) {
      throw failures.ledger(Failures.NOT_THERE, e);
    }
  }
}
