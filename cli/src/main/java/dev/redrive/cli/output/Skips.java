package dev.redrive.cli.output;

import dev.redrive.recovery.SkipReason;

/** Why deliveries were skipped, in the words of the command. */
public final class Skips {
  private Skips() {}

  /** Returns the reason as a phrase; it names the option that sends such a delivery. */
  public static String words(SkipReason reason) {
    return switch (reason) {
      case FAILED_AGAIN_EARLIER -> "failed again in an earlier run; --again sends it once more";
      case REJECTED_EARLIER ->
          "rejected by the provider in an earlier run; --again sends it once more";
      default -> reason.description();
    };
  }
}
