package dev.redrive.recovery.ledger;

/** What {@link RetryLedger#admit} did with a delivery. */
public enum Admission {
  /** It is queued for this run. */
  ADMITTED,
  /** This run already has it, from the same log or taken over. It is not counted again. */
  IN_THIS_RUN,
  /** Another run has it in progress. This run was given it, too, and waits for the outcome. */
  UNDER_WAY,
  /** It is counted already, from another failed log. */
  EARLIER_ATTEMPT,
  /** An earlier run delivered it. */
  ALREADY_DELIVERED,
  /** An earlier run sent it and it failed again; the caller does not ask for another round. */
  FAILED_AGAIN_EARLIER,
  /** The provider rejected it earlier; the caller does not ask for another round. */
  REJECTED_EARLIER,
  /** An earlier run sent it, or may have, and its outcome is unknown. */
  UNKNOWN_EARLIER,
  /** It is the log of a retry whose delivery is delivered by now, or is counted already. */
  PART_OF_LINEAGE,
  /** It may be the log of a retry that is in progress. */
  MAY_BE_RETRY;

  /**
   * Returns the admission of a log that is known as the new attempt of a retry: that of its
   * delivery, except if the delivery is delivered or already counted.
   */
  public Admission ofRetryLog() {
    return switch (this) {
      case ALREADY_DELIVERED, IN_THIS_RUN, EARLIER_ATTEMPT -> PART_OF_LINEAGE;
      default -> this;
    };
  }

  /** Whether the delivery ended in an earlier run, and is left as it is. */
  public boolean isOfEarlierRun() {
    return switch (this) {
      case ALREADY_DELIVERED, FAILED_AGAIN_EARLIER, REJECTED_EARLIER, UNKNOWN_EARLIER -> true;
      case ADMITTED, IN_THIS_RUN, UNDER_WAY, EARLIER_ATTEMPT, PART_OF_LINEAGE, MAY_BE_RETRY ->
          false;
    };
  }
}
