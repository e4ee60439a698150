package dev.redrive.ledger.jdbc;

/** What became of a transaction whose commit was not confirmed. */
enum Fate {
  COMMITTED,
  ABORTED,
  /** It goes on, as far as the server knows: its connection may not have ended there yet. */
  OPEN,
  /** The server cannot tell. */
  UNKNOWN
}
