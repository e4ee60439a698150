package dev.redrive.recovery;

/** Why a failed delivery is not sent although the provider lists it. */
public enum SkipReason {
  /** An earlier run delivered it. Some providers list the old failure forever. */
  ALREADY_DELIVERED("already recovered by an earlier run"),
  /** An earlier run sent it and it failed again. {@link Recovery.Builder#anotherRound} sends it. */
  FAILED_AGAIN_EARLIER("failed again in an earlier run; another round sends it again"),
  /** The provider rejected it in an earlier run. {@link Recovery.Builder#anotherRound} sends it. */
  REJECTED_EARLIER("rejected by the provider in an earlier run; another round sends it again"),
  /** An earlier run could not tell the outcome of its retry. Nothing sends it automatically. */
  UNKNOWN_EARLIER(
      "sent by an earlier run, with unknown outcome; ask the receiver whether it arrived"),
  /** Another failed attempt of the same event is listed. The event is counted once. */
  EARLIER_ATTEMPT("an earlier attempt of an event that is already counted"),
  /** The query has a time bound, and the row has no readable time. */
  UNDATED("without a readable time, so it may be outside the requested period"),
  /** The row has no id, or is not a record. */
  UNREADABLE("rows without an id, which cannot be retried"),
  /** A retry made this attempt, and its delivery is delivered by now or counted in this run. */
  PART_OF_LINEAGE("an attempt of a delivery that is already counted"),
  /** Another run is sending it, or may have created it with a retry that is not settled yet. */
  OTHER_RUN("held by another run, or perhaps created by its retry; run again later"),
  /** {@link Recovery.Builder#alreadyProcessed} says that the receiver has the event. */
  ALREADY_PROCESSED("already processed, according to the receiver"),
  /** The provider will send it again by itself. */
  PROVIDER_RETRYING("still being retried by the provider");

  private final String description;

  SkipReason(String description) {
    this.description = description;
  }

  /**
   * Whether the event may not be delivered yet. False if it is, or if its delivery is counted
   * elsewhere.
   */
  public boolean leavesUndelivered() {
    return switch (this) {
      case ALREADY_DELIVERED, ALREADY_PROCESSED, EARLIER_ATTEMPT, PART_OF_LINEAGE -> false;
      case FAILED_AGAIN_EARLIER,
          REJECTED_EARLIER,
          UNKNOWN_EARLIER,
          UNDATED,
          UNREADABLE,
          OTHER_RUN,
          PROVIDER_RETRYING ->
          true;
    };
  }

  /** Returns the reason as a phrase for people. */
  public String description() {
    return description;
  }
}
