package dev.redrive;

import java.util.List;

/**
 * The settings of a client are invalid. Thrown by {@code build()}, with every problem and how to
 * fix it.
 */
public final class InvalidConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /**
   * @param provider the provider's name, as shown to people
   * @param problems what is wrong, each with how to fix it; without secrets
   */
  public InvalidConfigurationException(String provider, List<String> problems) {
    super(provider + " client is not configured correctly: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns every problem, each with how to fix it. */
  public List<String> problems() {
    return problems;
  }
}
