package dev.redrive;

import java.util.List;

/** A client's settings cannot work. Thrown when it is built, with every problem and its cure. */
public final class InvalidConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  /**
   * @param provider the provider's name for people
   * @param problems what is wrong, each with its cure; no secret
   */
  public InvalidConfigurationException(String provider, List<String> problems) {
    super(provider + " client is not configured: " + String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  /** Every problem found, each with its cure. */
  public List<String> problems() {
    return problems;
  }
}
