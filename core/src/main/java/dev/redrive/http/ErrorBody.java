package dev.redrive.http;

import org.jspecify.annotations.Nullable;

/** A provider's error answer, read leniently; implemented by a wire record. */
public interface ErrorBody {
  /** The provider's message for people; null if none. */
  @Nullable String errorMessage();

  /** The provider's error code; null if none. */
  @Nullable String errorCode();
}
