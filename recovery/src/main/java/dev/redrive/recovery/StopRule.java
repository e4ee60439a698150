package dev.redrive.recovery;

/**
 * When to stop sending to a webhook because its endpoint is broken or overloaded. Its constructor
 * throws {@link IllegalArgumentException} if a number is out of range.
 *
 * @param failedShare sending stops if a larger share of the latest outcomes failed; 0 to 1
 * @param window how many of the latest outcomes count; at least {@code minimum}
 * @param minimum how many outcomes are needed to judge; at least 1
 */
public record StopRule(double failedShare, int window, int minimum) {
  /** More than half of the latest 50 outcomes, once there are 10. */
  public static final StopRule DEFAULT = new StopRule(0.5, 50, 10);

  public StopRule {
    if (!(failedShare >= 0 && failedShare <= 1) || minimum < 1 || window < minimum) {
      throw new IllegalArgumentException(
          "A stop rule needs a failedShare from 0 to 1, a minimum of at least 1, and a window of at"
              + " least the minimum");
    }
  }
}
