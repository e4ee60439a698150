package dev.redrive.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A provider's error response, read leniently. A wire record implements it. */
public interface ErrorBody {
  /** Returns the provider's error message; null if there is none. */
  @Nullable String errorMessage();

  /** Returns the provider's error code; null, the default, if there is none. */
  default @Nullable String errorCode() {
    return null;
  }

  /**
   * Returns how long to wait before the next request, if this response means that a limit was hit
   * although neither its status nor its headers say so; null, the default, if it does not.
   *
   * @param httpStatus the status of the response
   */
  default @Nullable Duration retryAfter(int httpStatus) {
    return null;
  }
}
