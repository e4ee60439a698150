package dev.redrive;

import org.jspecify.annotations.Nullable;

/** The provider does not have it, or does not show it to this key (404). */
public final class NotFoundException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public NotFoundException(FailedCall call, @Nullable Throwable cause) {
    super(call, "Check the id and the base URL, and that the key may see it.", false, cause);
  }
}
