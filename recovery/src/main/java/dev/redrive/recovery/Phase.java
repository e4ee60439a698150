package dev.redrive.recovery;

/** What a recovery is doing. */
public enum Phase {
  /** Reads what became of retries that an earlier run left open. */
  SETTLING,
  /** Lists the failures and writes them to the ledger; sends nothing. */
  COLLECTING,
  /** Sends the first few and waits for their outcome. */
  CANARY,
  /** Sends, and reads outcomes beside it. */
  SENDING,
  /** Reads the outcomes that are still open. */
  VERIFYING,
  /** Over. */
  DONE
}
