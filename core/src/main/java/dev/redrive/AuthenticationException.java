package dev.redrive;

import org.jspecify.annotations.Nullable;

/** The provider refused the key: it is missing, wrong, expired or lacks a permission (401, 403). */
public final class AuthenticationException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public AuthenticationException(FailedCall call, @Nullable Throwable cause) {
    super(
        call,
        "Check that the key is valid, belongs to this account and base URL, and has the"
            + " permission.",
        false,
        cause);
  }
}
