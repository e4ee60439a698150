package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The provider rejected the request (any other 4xx, or a redirect, which is never followed), or the
 * request could not be made, for example because the client is closed.
 */
public final class InvalidRequestException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public InvalidRequestException(FailedCall call, @Nullable Throwable cause) {
    super(
        call,
        "Fix the request or the settings that the message names. The same request would fail again.",
        false,
        cause);
  }
}
