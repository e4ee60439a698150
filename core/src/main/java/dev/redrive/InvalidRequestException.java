package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The provider rejected the request as it stands (other 4xx, or a redirect, which is never
 * followed), or it could not be made: the client is closed, an id fits into no URL.
 */
public final class InvalidRequestException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public InvalidRequestException(FailedCall call, @Nullable Throwable cause) {
    super(
        call,
        "Fix the request or the settings that the message names; sending the same again will not help.",
        false,
        cause);
  }
}
