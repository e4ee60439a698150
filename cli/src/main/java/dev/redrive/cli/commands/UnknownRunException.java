package dev.redrive.cli.commands;

/** A name that fits no run of the ledger, or several. */
public final class UnknownRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownRunException(String message) {
    super(message);
  }
}
