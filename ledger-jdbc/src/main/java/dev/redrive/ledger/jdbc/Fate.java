package dev.redrive.ledger.jdbc;

/** The result of a transaction whose commit was not confirmed. */
enum Fate {
  COMMITTED,
  ABORTED,
  /** Still in progress: the server may not have noticed yet that the connection is lost. */
  OPEN,
  /** The server cannot tell. */
  UNKNOWN
}
