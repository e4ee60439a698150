package dev.redrive;

import org.jspecify.annotations.Nullable;

/** The provider could not be reached, or its response was lost: connection, DNS, TLS or timeout. */
public final class NetworkException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** The failed call; {@code cause} may be null. */
  public NetworkException(FailedCall call, @Nullable Throwable cause) {
    super(call, "Check the base URL, DNS, proxy and firewall. " + REPEAT, true, cause);
  }
}
