package dev.redrive.cli;

/** The provider has no webhook of the id that was given. The message says so. */
final class UnknownWebhookException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownWebhookException(String message) {
    super(message);
  }
}
