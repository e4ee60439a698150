package dev.redrive.recovery.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The ledger cannot be read or written: it is locked, corrupt, of a newer schema, full, read-only
 * or gone. Nothing is sent that cannot be recorded. The message says what is wrong and what to do.
 */
public class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@code message} says what is wrong and what to do; {@code cause} may be null. */
  public LedgerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
