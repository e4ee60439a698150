package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The provider was not reached, or its answer was lost on the way: connection, DNS, TLS, time-out.
 */
public final class NetworkException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public NetworkException(FailedCall call, @Nullable Throwable cause) {
    super(call, "Check the base URL, DNS, proxy and firewall. " + REPEAT, true, cause);
  }
}
