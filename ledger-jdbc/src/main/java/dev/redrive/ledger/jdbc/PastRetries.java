package dev.redrive.ledger.jdbc;

import dev.redrive.FailureCause;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerRetry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The retries of deliveries. The latest one is in the state of the delivery, so that a delivery
 * that is sent once needs no more rows. It is copied when the delivery is queued again.
 */
final class PastRetries {
  private static final String COLUMNS =
      "delivery_id, send_no, run_no, state, reason, new_log_id, cause, http_status, requested_at,"
          + " settled_at";

  /** Selects the retries that are in the states of deliveries; {@code RUN} is who sent them. */
  private static final String LATEST =
      """
      SELECT s.id AS delivery_id, s.sends AS send_no, COALESCE(s.sent_by, RUN) AS run_no, s.state,
        s.reason, s.new_log_id, CASE WHEN s.state = 'FAILED_AGAIN' THEN d.cause END AS cause,
        CASE WHEN s.state = 'FAILED_AGAIN' THEN d.http_status END AS http_status,
        s.requested_at, s.settled_at
      FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id WHERE s.id %1$s AND\
      """
          + " ";

  /** Queued deliveries have no retry in their states, nor have those that a person settled. */
  private static final String IS_SENT = "s.run_no > 0 AND s.requested_at IS NOT NULL";

  private static final String KEEP = "INSERT INTO redrive_earlier_retry (" + COLUMNS + ") ";

  private PastRetries() {}

  /** Keeps the latest retries of deliveries that are about to be queued again. */
  static void keep(Tx tx, Collection<Long> deliveries) {
    if (!deliveries.isEmpty()) {
      tx.update(
              KEEP + LATEST.replace("RUN", "s.run_no") + IS_SENT + " ON CONFLICT DO NOTHING",
              Long.class,
              deliveries)
          .execute();
    }
  }

  /** Keeps the retries of deliveries that a run has put back, unless another run had them. */
  static void keepPutBack(Tx tx, long run, Collection<Long> deliveries) {
    if (!deliveries.isEmpty()) {
      tx.update(
              KEEP + LATEST.replace("RUN", ":run") + "s.place IS NOT NULL ON CONFLICT DO NOTHING",
              Long.class,
              deliveries)
          .bind("run", run)
          .execute();
    }
  }

  static void forget(Tx tx, Collection<Long> deliveries) {
    tx.update("DELETE FROM redrive_earlier_retry WHERE delivery_id %s", Long.class, deliveries)
        .execute();
  }

  /** See {@link LedgerAdmin#retries}. */
  static Map<Long, List<LedgerRetry>> of(Tx tx, Collection<Long> deliveries) {
    Map<Long, List<LedgerRetry>> retries = new HashMap<>();
    tx.query(
            "SELECT a.*, r.id AS run FROM (SELECT "
                + COLUMNS
                + " FROM redrive_earlier_retry WHERE delivery_id %1$s UNION ALL "
                + LATEST.replace("RUN", "s.run_no")
                + IS_SENT
                + ") a JOIN redrive_run r ON r.run_no = a.run_no ORDER BY a.delivery_id, a.send_no",
            Long.class,
            deliveries)
        .map((row, context) -> Map.entry(row.getLong("delivery_id"), retry(row)))
        .forEach(
            retry ->
                retries
                    .computeIfAbsent(retry.getKey(), id -> new ArrayList<>())
                    .add(retry.getValue()));
    return retries;
  }

  private static LedgerRetry retry(ResultSet row) throws SQLException {
    String cause = row.getString("cause");
    return new LedgerRetry(
        Columns.read(row.getString("run")),
        Objects.requireNonNull(Columns.instant(row, "requested_at")),
        Columns.state(row.getString("state")),
        Columns.readOrNull(row.getString("reason")),
        cause == null ? null : FailureCause.valueOf(cause),
        Columns.integer(row, "http_status"),
        Columns.readOrNull(row.getString("new_log_id")),
        Columns.instant(row, "settled_at"));
  }
}
