package dev.redrive.cli.config;

/** The configuration cannot be used. The message names the file, and the line where known. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
