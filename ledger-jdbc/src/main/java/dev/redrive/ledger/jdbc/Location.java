package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.redrive.ProviderText;
import dev.redrive.Secret;
import dev.redrive.recovery.ledger.LedgerException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The location of a ledger.
 *
 * @param dialect the database
 * @param url the JDBC URL without credentials
 * @param credentials {@code user}, {@code password} and similar, by the driver's names
 * @param name its name in messages; never with credentials
 */
record Location(Dialect dialect, String url, Map<String, Secret> credentials, String name) {
  /** The start of a URL, as for the JDBC driver or for PostgreSQL's own programs. */
  private static final Pattern POSTGRESQL =
      Pattern.compile("jdbc:postgresql:|postgres(?:ql)?:(?=//)", Pattern.CASE_INSENSITIVE);

  private static final Map<String, String> FROM_ENVIRONMENT =
      Map.of("PGUSER", "user", "PGPASSWORD", "password");

  /** Hosts with or without a port, after user info was removed. */
  private static final Pattern HOSTS =
      Pattern.compile("(//)?((\\[[^]]*]|[^:/\\[\\]@,]*)(:\\d*)?(,|(?=/|$)))*(/.*)?");

  static Location of(Path file) {
    Path path = file.toAbsolutePath().normalize();
    if (Files.isDirectory(path)) {
      throw new LedgerException("The ledger " + path + " is a directory: use a file in it", null);
    }
    return new Location(Dialect.SQLITE, "jdbc:sqlite:" + path.toUri(), Map.of(), path.toString());
  }

  /** {@code name} is its name in plans. */
  static Location inMemory(String name) {
    return new Location(Dialect.SQLITE, "jdbc:sqlite::memory:", Map.of(), name);
  }

  static Location of(String url) {
    return of(url, System.getenv());
  }

  /** {@code environment} may have user and password, as for PostgreSQL's own programs. */
  static Location of(String url, Map<String, String> environment) {
    Matcher known = POSTGRESQL.matcher(url);
    if (!known.lookingAt()) {
      throw new LedgerException(
          "A ledger's URL starts with jdbc:postgresql:, postgresql:// or postgres://, not with "
              + ProviderText.clean(url.replaceFirst("(?s)(?<=.{12}).*", "…"))
              + ". For a file, use just its path",
          null);
    }
    Location location = postgres("jdbc:postgresql:" + url.substring(known.end()));
    Map<String, Secret> all = new TreeMap<>(location.credentials());
    FROM_ENVIRONMENT.forEach(
        (variable, key) -> {
          String value = environment.get(variable);
          if (value != null && !value.isEmpty()) {
            all.putIfAbsent(key, Secret.of(value));
          }
        });
    return new Location(location.dialect(), location.url(), all, location.name());
  }

  /** Returns the configuration of a pool, without its size. */
  HikariConfig pool() {
    var config = new HikariConfig();
    config.setPoolName("redrive-ledger");
    var properties = new Properties();
    credentials.forEach((key, value) -> properties.setProperty(key, value.reveal()));
    dialect.configure(config, url, properties);
    return config;
  }

  Location as(String user, Secret password) {
    Map<String, Secret> all = new TreeMap<>(credentials);
    all.put("user", Secret.of(user));
    all.put("password", password);
    return new Location(dialect, url, all, name);
  }

  private static Location postgres(String url) {
    int query = url.indexOf('?');
    String base = query < 0 ? url : url.substring(0, query);
    Map<String, Secret> credentials = new TreeMap<>();
    List<String> kept = new ArrayList<>();
    if (query >= 0) {
      for (String setting : url.substring(query + 1).split("&", -1)) {
        if (!setting.isEmpty() && !takeCredential(setting, credentials)) {
          kept.add(setting);
        }
      }
    }
    // The driver does not accept user:password@host, but people write it.
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

  /** Refuses URLs in which a part of a password could be taken for a host, database or setting. */
  private static void requireReadable(String base, String settings) {
    String hosts = base.substring("jdbc:postgresql:".length());
    int at = settings.indexOf('@');
    boolean isName = at >= 0 && settings.lastIndexOf('=', at) <= settings.lastIndexOf('&', at);
    boolean hasDatabase = hosts.indexOf('/', 2) >= 0 || !hosts.startsWith("//");
    if (!HOSTS.matcher(hosts).matches() || isName || (at >= 0 && !hasDatabase)) {
      throw new LedgerException(
          "The ledger's URL cannot be read: write it as jdbc:postgresql://host:port/database, and"
              + " encode special characters in user and password (? as %3F, / as %2F, @ as %40)",
          null);
    }
  }

  /** Takes credentials out of the URL, because drivers and pools quote it. */
  private static boolean takeCredential(String setting, Map<String, Secret> credentials) {
    int equals = setting.indexOf('=');
    String key = equals < 0 ? setting : setting.substring(0, equals);
    String lower = key.toLowerCase(Locale.ROOT);
    if (!lower.equals("user") && !lower.contains("password")) {
      return false;
    }
    credentials.put(
        lower.equals("user") || lower.equals("password") ? lower : key,
        Secret.of(equals < 0 ? "" : decoded(setting.substring(equals + 1))));
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
