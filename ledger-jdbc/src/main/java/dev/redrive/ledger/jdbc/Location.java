package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.DriverDataSource;
import dev.redrive.ProviderText;
import dev.redrive.Secret;
import dev.redrive.recovery.LedgerException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a ledger is.
 *
 * @param dialect the database
 * @param url the JDBC URL without credentials
 * @param credentials {@code user}, {@code password} and the like, by the driver's names
 * @param name what to call it in messages; never with credentials
 */
record Location(Dialect dialect, String url, Map<String, Secret> credentials, String name) {
  private static final String H2_FILE = "jdbc:h2:file:";
  private static final String H2_SUFFIX = ".mv.db";

  /** Hosts with or without a port; what is written before an {@code @} is cut off before. */
  private static final Pattern HOSTS =
      Pattern.compile("(//)?((\\[[^]]*]|[^:/\\[\\]@,]*)(:\\d*)?(,|(?=/|$)))*(/.*)?");

  static Location of(Path file) {
    Path path = file.toAbsolutePath().normalize();
    if (Files.isDirectory(path)) {
      throw new LedgerException("The ledger " + path + " is a directory: name a file in it", null);
    }
    String name = path.toString();
    if (name.indexOf(';') >= 0) {
      throw new LedgerException(
          "The ledger " + name + " has a semicolon in its path, which H2 cannot open: rename it",
          null);
    }
    String base =
        name.endsWith(H2_SUFFIX) ? name.substring(0, name.length() - H2_SUFFIX.length()) : name;
    return new Location(Dialect.H2, H2_FILE + base, Map.of(), base + H2_SUFFIX);
  }

  static Location of(String url) {
    String known = url.toLowerCase(Locale.ROOT);
    if (known.startsWith("jdbc:h2:")) {
      return h2(url);
    }
    if (known.startsWith("jdbc:postgresql:")) {
      return postgres(url);
    }
    throw new LedgerException(
        "A ledger's URL starts with jdbc:h2: or jdbc:postgresql:, not with "
            + ProviderText.clean(url.replaceFirst("(?s)(?<=.{12}).*", "…")),
        null);
  }

  /** A pool for it that has yet to be sized. */
  HikariConfig pool() {
    var config = new HikariConfig();
    config.setPoolName("redrive-ledger");
    dialect.configure(config);
    var properties = new Properties();
    credentials.forEach((key, value) -> properties.setProperty(key, value.reveal()));
    // Not as the pool's own properties: it logs those, and masks no more than the password.
    config.setDataSource(
        new DriverDataSource(dialect.withSettings(url), null, properties, null, null));
    return config;
  }

  /** The file of an H2 ledger; null if it is none, or H2 alone knows where it is. */
  @Nullable Path file() {
    try {
      return url.startsWith(H2_FILE) && !name.startsWith("~") ? Path.of(name) : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** A place beside an H2 file, to create it in. */
  Location draft() {
    String base = name.substring(0, name.length() - H2_SUFFIX.length());
    String draft = base + ".new-" + UUID.randomUUID();
    return new Location(
        dialect,
        H2_FILE + draft + url.substring(H2_FILE.length() + base.length()),
        credentials,
        draft + H2_SUFFIX);
  }

  Location as(String user, Secret password) {
    Map<String, Secret> all = new TreeMap<>(credentials);
    all.put("user", Secret.of(user));
    all.put("password", password);
    return new Location(dialect, url, all, name);
  }

  /** The same place, but only if a ledger is there. */
  Location existing() {
    return dialect == Dialect.H2
        ? new Location(dialect, url + ";IFEXISTS=TRUE", credentials, name)
        : this;
  }

  private static Location h2(String url) {
    int settings = url.indexOf(';');
    String base = settings < 0 ? url : url.substring(0, settings);
    String kind = base.substring("jdbc:h2:".length()).toLowerCase(Locale.ROOT);
    Map<String, Secret> credentials = new TreeMap<>();
    var kept = new StringBuilder(base);
    if (settings >= 0) {
      for (String setting : url.substring(settings + 1).split(";", -1)) {
        if (!setting.isEmpty() && !takeCredential(setting, UnaryOperator.identity(), credentials)) {
          kept.append(';').append(setting);
        }
      }
    }
    String name = kind.startsWith("mem:") ? base : base.substring("jdbc:h2:".length());
    if (kind.startsWith("tcp:")
        || kind.startsWith("ssl:")
        || kept.toString().toUpperCase(Locale.ROOT).contains(";AUTO_SERVER=TRUE")) {
      throw new LedgerException(
          "An H2 ledger belongs to one process at a time: use a PostgreSQL ledger to share one",
          null);
    }
    return new Location(
        Dialect.H2, kept.toString(), credentials, name.replaceFirst("^file:", "") + suffix(kind));
  }

  private static String suffix(String kind) {
    return kind.startsWith("mem:") ? "" : H2_SUFFIX;
  }

  private static Location postgres(String url) {
    int query = url.indexOf('?');
    String base = query < 0 ? url : url.substring(0, query);
    Map<String, Secret> credentials = new TreeMap<>();
    List<String> kept = new ArrayList<>();
    if (query >= 0) {
      for (String setting : url.substring(query + 1).split("&", -1)) {
        if (!setting.isEmpty() && !takeCredential(setting, Location::decoded, credentials)) {
          kept.add(setting);
        }
      }
    }
    // The driver does not know user:password@host, but people write it.
    int userEnd = base.lastIndexOf('@');
    int hosts = base.indexOf("//");
    if (hosts >= 0 && userEnd > hosts) {
      String[] user = base.substring(hosts + 2, userEnd).split(":", 2);
      credentials.putIfAbsent("user", Secret.of(decoded(user[0])));
      if (user.length > 1) {
        credentials.putIfAbsent("password", Secret.of(decoded(user[1])));
      }
      base = base.substring(0, hosts + 2) + base.substring(userEnd + 1);
    }
    requireReadable(base, query < 0 ? "" : url.substring(query + 1));
    String name = "PostgreSQL at " + base.substring("jdbc:postgresql:".length()).replace("//", "");
    return new Location(
        Dialect.POSTGRESQL,
        kept.isEmpty() ? base : base + "?" + String.join("&", kept),
        credentials,
        name);
  }

  /** Makes sure that no part of a password is taken for a host, a database or a setting. */
  private static void requireReadable(String base, String settings) {
    String hosts = base.substring("jdbc:postgresql:".length());
    int at = settings.indexOf('@');
    boolean isName = at >= 0 && settings.lastIndexOf('=', at) <= settings.lastIndexOf('&', at);
    boolean hasDatabase = hosts.indexOf('/', 2) >= 0 || !hosts.startsWith("//");
    if (!HOSTS.matcher(hosts).matches() || isName || (at >= 0 && !hasDatabase)) {
      throw new LedgerException(
          "The ledger's URL cannot be read: write it as jdbc:postgresql://host:port/database, and"
              + " encode what is special in a user or password (? as %3F, / as %2F, @ as %40)",
          null);
    }
  }

  /** Keeps what nobody may read out of the URL, which drivers and pools quote. */
  private static boolean takeCredential(
      String setting, UnaryOperator<String> decoder, Map<String, Secret> credentials) {
    int equals = setting.indexOf('=');
    String key = equals < 0 ? setting : setting.substring(0, equals);
    String lower = key.toLowerCase(Locale.ROOT);
    if (!lower.equals("user") && !lower.contains("password")) {
      return false;
    }
    credentials.put(
        lower.equals("user") || lower.equals("password") ? lower : key,
        Secret.of(equals < 0 ? "" : decoder.apply(setting.substring(equals + 1))));
    return true;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
