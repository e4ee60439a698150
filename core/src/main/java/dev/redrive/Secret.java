package dev.redrive;

import java.util.Objects;

/** A key or token whose {@link #toString} is masked. */
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Wraps {@code value}. */
  public static Secret of(String value) {
    return new Secret(Objects.requireNonNull(value, "value"));
  }

  /** Returns the value itself, for a request header. Never put it in a message. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "****";
  }
}
