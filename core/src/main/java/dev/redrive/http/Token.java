package dev.redrive.http;

import java.time.Duration;
import java.util.Objects;

/**
 * A token that requests carry, as a provider issued it.
 *
 * @param text the token, without a prefix such as {@code Bearer}. It is never shown
 * @param lifetime how long it is valid, from when it was requested
 */
public record Token(String text, Duration lifetime) {
  public Token {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(lifetime, "lifetime");
  }

  /** Its lifetime only. */
  @Override
  public String toString() {
    return "Token[****, " + lifetime + "]";
  }
}
