package dev.redrive.http;

import org.jspecify.annotations.Nullable;

/** A provider's error response, read leniently. A wire record implements it. */
public interface ErrorBody {
  /** Returns the provider's error message; null if there is none. */
  @Nullable String errorMessage();

  /** Returns the provider's error code; null if there is none. */
  @Nullable String errorCode();
}
