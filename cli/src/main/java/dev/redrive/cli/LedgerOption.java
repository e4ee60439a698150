package dev.redrive.cli;

import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.InMemoryLedger;
import dev.redrive.recovery.RetryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --ledger}: where the state is kept between runs. */
final class LedgerOption {
  private static final String SUFFIX = ".mv.db";

  private final Map<String, String> environment;

  @Option(
      names = "--ledger",
      paramLabel = "PATH|JDBC-URL",
      converter = ToLocation.class,
      description =
          "Where it is kept what was sent and what became of it: a file, or, to share it,"
              + " jdbc:postgresql://HOST/DATABASE?user=…&password=…. Default: a file in the user's"
              + " state folder.")
  private @Nullable String location;

  LedgerOption() {
    this(System.getenv());
  }

  LedgerOption(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Opens it, and creates it if it is not there.
   *
   * @throws dev.redrive.recovery.LedgerException if it cannot be used
   */
  RetryLedger open() {
    return isUrl() ? JdbcLedger.open(url()) : JdbcLedger.open(file());
  }

  /**
   * Opens it to plan by: an empty one in memory if no file is there, since a plan writes nothing.
   */
  RetryLedger openToPlan() {
    return isUrl() || isThere() ? open() : new InMemoryLedger();
  }

  /** Opens it to look into; empty if no file is there. */
  Optional<RetryLedger> openToRead() {
    if (isUrl()) {
      return Optional.of(JdbcLedger.openExisting(url()));
    }
    return isThere() ? Optional.of(JdbcLedger.openExisting(file())) : Optional.empty();
  }

  /** Its name for people, without credentials. */
  @Override
  public String toString() {
    return isUrl()
        ? url().replaceFirst("(?s)[?;].*", "").replaceFirst("//[^/]*@", "//")
        : file().toString();
  }

  private boolean isUrl() {
    return location != null && location.startsWith("jdbc:");
  }

  private String url() {
    return location == null ? "" : location;
  }

  private Path file() {
    Path path = location == null ? stateFolder().resolve("ledger") : Path.of(location);
    String name = path.toAbsolutePath().normalize().toString();
    // A folder is no ledger, whatever stands beside it: the ledger says so.
    return name.endsWith(SUFFIX) || Files.isDirectory(path) ? path : Path.of(name + SUFFIX);
  }

  private boolean isThere() {
    return Files.exists(file());
  }

  /** By the XDG base directory specification, which ignores relative paths. */
  private Path stateFolder() {
    String state = environment.get("XDG_STATE_HOME");
    Path base =
        state != null && Path.of(state).isAbsolute()
            ? Path.of(state)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return base.resolve("redrive");
  }

  /** Refuses other URLs, which would be taken for files, and their passwords for names. */
  static final class ToLocation implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (value.contains("://") && !value.startsWith("jdbc:")) {
        throw new TypeConversionException(
            "the URL is not one of a ledger: use jdbc:postgresql://HOST/DATABASE, or a file's path");
      }
      return value;
    }
  }
}
