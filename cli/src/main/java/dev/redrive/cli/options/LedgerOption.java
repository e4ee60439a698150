package dev.redrive.cli.options;

import dev.redrive.cli.CommandException;
import dev.redrive.cli.config.ConfigFile;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --ledger}: where the state is kept between runs. */
public final class LedgerOption {

  private final Map<String, String> environment;

  private static final Pattern POSTGRESQL =
      Pattern.compile("jdbc:postgresql:|postgres(?:ql)?://", Pattern.CASE_INSENSITIVE);

  @Option(
      names = "--ledger",
      paramLabel = "PATH|URL",
      converter = ToLocation.class,
      description =
          "Where the record of what was sent is kept: a file, or, to share it,"
              + " postgresql://HOST/DATABASE. User and password: PGUSER and PGPASSWORD, or ~/.pgpass."
              + " Default: REDRIVE_LEDGER, or a file in the user's state folder.")
  private @Nullable String location;

  public LedgerOption() {
    this(System.getenv());
  }

  public LedgerOption(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Opens it, and creates it if it is not there.
   *
   * @throws dev.redrive.recovery.ledger.LedgerException if it cannot be used
   */
  public RetryLedger open() {
    return isUrl() ? JdbcLedger.open(where()) : JdbcLedger.open(file());
  }

  /**
   * Opens it to plan by: an empty one in memory if no file is there, since a plan writes nothing.
   */
  public RetryLedger openToPlan() {
    return isUrl() || Files.exists(file()) ? open() : JdbcLedger.openInMemory(toString());
  }

  /** Opens it to look into; empty if no file is there. */
  public Optional<RetryLedger> openToRead() {
    if (isUrl()) {
      return Optional.of(JdbcLedger.openExisting(where()));
    }
    return Files.exists(file()) ? Optional.of(JdbcLedger.openExisting(file())) : Optional.empty();
  }

  /**
   * Opens it.
   *
   * @throws CommandException if no file is there
   */
  public RetryLedger openExisting() {
    return openToRead()
        .orElseThrow(
            () -> new CommandException("there is no ledger at " + this + ": check --ledger"));
  }

  /** The file, whether it is there or not; empty if it is a database. */
  public Optional<Path> path() {
    return isUrl() ? Optional.empty() : Optional.of(file().toAbsolutePath());
  }

  /** Its name for people, without credentials. */
  @Override
  public String toString() {
    return isUrl()
        ? where().replaceFirst("(?s)//.*@", "//").replaceFirst("(?s)[?;].*", "")
        : file().toString();
  }

  private boolean isUrl() {
    return isUrl(where());
  }

  private static boolean isUrl(String where) {
    return where.contains("://") || where.toLowerCase(Locale.ROOT).startsWith("jdbc:");
  }

  private String where() {
    return location == null ? environment.getOrDefault("REDRIVE_LEDGER", "") : location;
  }

  private Path file() {
    return where().isEmpty()
        ? ConfigFile.xdg(environment, "XDG_STATE_HOME", ".local/state").resolve("ledger.db")
        : Path.of(where());
  }

  /** Refuses other URLs, which would be taken for files, and their passwords for names. */
  public static final class ToLocation implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (isUrl(value) && !POSTGRESQL.matcher(value).lookingAt()) {
        throw new TypeConversionException(
            "the URL is not one of a ledger: use postgresql://HOST/DATABASE, or a file's path");
      }
      return value;
    }
  }
}
