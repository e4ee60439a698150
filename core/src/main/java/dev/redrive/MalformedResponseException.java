package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The provider answered what is no answer of its API: no JSON, cut off, too large, or pages that
 * repeat.
 */
public final class MalformedResponseException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public MalformedResponseException(FailedCall call, @Nullable Throwable cause) {
    super(
        call,
        "Check that the base URL is that of the API; a proxy may have answered in its place.",
        false,
        cause);
  }
}
