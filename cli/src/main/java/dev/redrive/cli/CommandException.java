package dev.redrive.cli;

/** A command cannot go on. The message says why, and what to do. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    super(message);
  }
}
