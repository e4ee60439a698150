package dev.redrive;

import org.jspecify.annotations.Nullable;

/** The provider failed or was too busy (408, 5xx). Reads were tried several times. */
public final class ProviderUnavailableException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public ProviderUnavailableException(FailedCall call, @Nullable Throwable cause) {
    super(call, "If it persists, check the provider's status page. " + REPEAT, true, cause);
  }
}
