package dev.redrive;

import java.util.Objects;

/** A key or token that does not show itself: {@link #toString} is masked. */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(Objects.requireNonNull(value, "value"));
  }

  /** The value itself: for the request header, never for a message. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "****";
  }
}
