package dev.redrive.recovery;

/** Why a failed delivery that the provider lists is not sent. */
public enum SkipReason {
  /** An earlier run had it delivered; the provider shows the old failure for ever. */
  ALREADY_DELIVERED("already recovered by an earlier run"),
  /** An earlier run sent it and it failed again; ask for another round to send it once more. */
  FAILED_AGAIN_EARLIER("failed again in an earlier run; another round sends it once more"),
  /** The provider rejected it in an earlier run; another round tries it once more. */
  REJECTED_EARLIER("rejected by the provider in an earlier run; another round tries it once more"),
  /** An earlier run could not tell what became of its retry: nothing sends it again by itself. */
  UNKNOWN_EARLIER(
      "sent by an earlier run that could not tell whether it was delivered; ask the receiver"),
  /** Another failed attempt of the same event is listed too: one of them stands for all. */
  EARLIER_ATTEMPT("an earlier attempt of an event that is counted once"),
  /** The query asks for a time, and that of this row is missing or unreadable. */
  UNDATED("without a readable time, so that nothing tells whether it is in the time asked for"),
  /** The row has no id, or is no record at all. */
  UNREADABLE("rows without an id, which cannot be retried"),
  /**
   * It is an attempt that a retry made, of a delivery that is delivered by now or that this run
   * counts.
   */
  PART_OF_LINEAGE("an attempt of a delivery that is already accounted for"),
  /** Another run holds it, or may have made it by a retry that is not settled yet. */
  OTHER_RUN("held by another run, or maybe its retry; a later run looks again"),
  /** The caller's own inbox has the event. */
  ALREADY_PROCESSED("already processed, says the receiver"),
  /** The provider will send it again by itself. */
  PROVIDER_RETRYING("still being retried by the provider");

  private final String description;

  SkipReason(String description) {
    this.description = description;
  }

  /**
   * Whether the event may still not have reached its endpoint. Not so where it has, and where the
   * delivery that the row belongs to is counted by itself.
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

  /** The reason as a phrase for people. */
  public String description() {
    return description;
  }
}
