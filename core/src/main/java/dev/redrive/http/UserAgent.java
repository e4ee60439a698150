package dev.redrive.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The {@code User-Agent} of every request. */
final class UserAgent {
  /**
   * {@code redrive/<version>}, with the version from a file that the build writes next to this
   * class.
   */
  static final String VALUE = "redrive/" + version();

  private UserAgent() {}

  private static String version() {
    var properties = new Properties();
    try (InputStream in = UserAgent.class.getResourceAsStream("version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
