package dev.redrive.cli.options;

import dev.redrive.cli.CommandException;
import dev.redrive.cli.config.ConfigException;
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
  private static final String VARIABLE = "REDRIVE_LEDGER";
  private static final String FOREIGN_URL =
      "the URL is not one of a ledger: use postgresql://HOST/DATABASE, or a file's path";
  private static final Pattern POSTGRESQL =
      Pattern.compile("jdbc:postgresql:|postgres(?:ql)?://", Pattern.CASE_INSENSITIVE);

  private final Map<String, String> environment;

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

  /** Such a URL would be taken for a file, and its password for a part of the name. */
  private static boolean isForeignUrl(String where) {
    return isUrl(where) && !POSTGRESQL.matcher(where).lookingAt();
  }

  private static boolean isUrl(String where) {
    return where.contains("://") || where.toLowerCase(Locale.ROOT).startsWith("jdbc:");
  }

  private String where() {
    if (location != null) {
      return location;
    }
    String where = environment.getOrDefault(VARIABLE, "");
    if (isForeignUrl(where)) {
      throw new ConfigException(VARIABLE + ": " + FOREIGN_URL);
    }
    return where;
  }

  private Path file() {
    return where().isEmpty()
        ? ConfigFile.xdg(environment, "XDG_STATE_HOME", ".local/state").resolve("ledger.db")
        : Path.of(where());
  }

  /** Refuses the URLs of what is no ledger. */
  public static final class ToLocation implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (isForeignUrl(value)) {
        throw new TypeConversionException(FOREIGN_URL);
      }
      return value;
    }
  }
}
