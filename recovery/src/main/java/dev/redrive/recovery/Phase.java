package dev.redrive.recovery;

/** What a recovery is doing, in this order. */
public enum Phase {
  /** Reads the outcomes that earlier runs left open. */
  SETTLING,
  /** Lists the failures and writes them to the ledger; sends nothing. */
  COLLECTING,
  /** Sends the first few of each webhook and waits for their outcomes. */
  CANARY,
  /** Sends the rest, and reads outcomes at the same time. */
  SENDING,
  /** Has sent everything, and reads the outcomes that are still open. */
  VERIFYING,
  /** Has ended. */
  DONE
}
