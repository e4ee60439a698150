package dev.redrive.cli;

import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.InMemoryLedger;
import dev.redrive.recovery.RetryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --ledger}: where the state is kept between runs. */
final class LedgerOption {

  private final Map<String, String> environment;

  @Option(
      names = "--ledger",
      paramLabel = "PATH|JDBC-URL",
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
    return location == null ? stateFolder().resolve("ledger.db") : Path.of(location);
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
}
