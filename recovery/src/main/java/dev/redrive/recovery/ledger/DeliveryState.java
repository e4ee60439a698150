package dev.redrive.recovery.ledger;

/** Where a delivery stands in the ledger. */
public enum DeliveryState {
  /** Waiting to be sent. */
  FOUND,
  /** Claimed: the retry request is about to go out, is under way, or was when its run died. */
  SENDING,
  /** The provider took the retry; what became of it is not known yet. */
  ACCEPTED,
  /** The provider may have taken the retry: to be settled by reading, never by sending. */
  UNKNOWN,
  /** The endpoint answered 2xx. */
  DELIVERED,
  /** The new attempt failed; only another round sends it again. */
  FAILED_AGAIN,
  /** The provider said no. */
  REJECTED;

  /** Whether reading the provider's logs may still change it. */
  public boolean isUnsettled() {
    return this == ACCEPTED || this == UNKNOWN;
  }
}
