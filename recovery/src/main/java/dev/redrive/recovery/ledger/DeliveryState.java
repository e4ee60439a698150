package dev.redrive.recovery.ledger;

/** The state of a delivery in the ledger. */
public enum DeliveryState {
  /** Waiting to be sent. */
  FOUND,
  /** Claimed: the retry request is about to be sent, is in flight, or was when its run died. */
  SENDING,
  /** The provider accepted the retry; the outcome is not known yet. */
  ACCEPTED,
  /** The provider may have accepted the retry. Only reading may settle it, never sending again. */
  UNKNOWN,
  /** The endpoint returned 2xx. */
  DELIVERED,
  /** The new attempt failed. Only another round sends it again. */
  FAILED_AGAIN,
  /** The provider rejected the retry. Only another round sends it again. */
  REJECTED;

  /** Whether the retry may still be settled by reading the provider's logs. */
  public boolean isUnsettled() {
    return this == ACCEPTED || this == UNKNOWN;
  }
}
