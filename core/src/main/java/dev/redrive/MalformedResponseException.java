package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The response is not one of the provider's API: not JSON, truncated, too large, or a list whose
 * pages repeat.
 */
public final class MalformedResponseException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public MalformedResponseException(FailedCall call, @Nullable Throwable cause) {
    super(
        call,
        "Check that the base URL points to the API. A proxy may have responded instead.",
        false,
        cause);
  }
}
