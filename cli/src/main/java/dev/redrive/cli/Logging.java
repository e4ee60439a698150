package dev.redrive.cli;

/** How much slf4j-simple writes to stderr; it reads its settings when the first logger is made. */
public final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private Logging() {}

  public static void set(int verbosity) {
    System.setProperty(PREFIX + "defaultLogLevel", verbosity == 0 ? "off" : "warn");
    if (verbosity > 0) {
      System.setProperty(PREFIX + "log.dev.redrive", "debug");
      System.setProperty(PREFIX + "showThreadName", "false");
      System.setProperty(PREFIX + "showShortLogName", "true");
    }
  }
}
