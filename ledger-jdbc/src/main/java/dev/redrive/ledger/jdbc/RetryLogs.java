package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.List;

/**
 * The logs of retries, which are never new deliveries. The log of the latest retry is in the state
 * of the delivery; all others are here.
 */
final class RetryLogs {
  private RetryLogs() {}

  /** The log of a retry of a delivery. */
  record Log(LedgerEntry entry, String id) {}

  /** Stores logs for good. */
  static void keep(Tx tx, List<Log> logs) {
    List<Log> others = logs.stream().distinct().toList();
    tx.execute(
        """
        INSERT INTO redrive_log (hash, delivery_id, log_id)
        SELECT u.hash, u.delivery, u.log FROM %s WHERE TRUE ON CONFLICT DO NOTHING
        """,
        new Rows()
            .with("hash", Long.class, others, log -> Columns.hash(log.id()))
            .with("delivery", Long.class, others, log -> log.entry().id())
            .with("log", String.class, others, log -> Columns.text(log.id())));
  }
}
