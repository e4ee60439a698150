package dev.redrive.cli.options;

/** The provider has no webhook of the id that was given. The message says so. */
public final class UnknownWebhookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownWebhookException(String message) {
    super(message);
  }
}
