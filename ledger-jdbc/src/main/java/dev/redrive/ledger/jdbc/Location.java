package dev.redrive.ledger.jdbc;

import com.zaxxer.hikari.HikariConfig;
import dev.redrive.ProviderText;
import dev.redrive.Secret;
import dev.redrive.recovery.LedgerException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Where a ledger is.
 *
 * @param dialect the database
 * @param url the JDBC URL without credentials
 * @param credentials {@code user}, {@code password} and the like, by the driver's names
 * @param name what to call it in messages; never with credentials
 */
record Location(Dialect dialect, String url, Map<String, Secret> credentials, String name) {
  private static final String H2_SUFFIX = ".mv.db";

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
    return new Location(Dialect.H2, "jdbc:h2:file:" + base, Map.of(), base + H2_SUFFIX);
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
    config.setJdbcUrl(dialect.withSettings(url));
    dialect.configure(config);
    credentials.forEach(
        (key, value) -> {
          switch (key) {
            case "user" -> config.setUsername(value.reveal());
            case "password" -> config.setPassword(value.reveal());
            default -> config.addDataSourceProperty(key, value.reveal());
          }
        });
    return config;
  }

  /** Whether it is a file that something was written to. */
  boolean isWritten() {
    try {
      return url.startsWith("jdbc:h2:file:") && Files.size(Path.of(name)) > 0;
    } catch (IOException | InvalidPathException e) {
      return false;
    }
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
    String name = "PostgreSQL at " + base.substring("jdbc:postgresql:".length()).replace("//", "");
    return new Location(
        Dialect.POSTGRESQL,
        kept.isEmpty() ? base : base + "?" + String.join("&", kept),
        credentials,
        name);
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
