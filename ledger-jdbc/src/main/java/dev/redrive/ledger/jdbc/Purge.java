package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * Forgets deliveries that were settled long ago, some at a time, so that runs do not wait long.
 * SQLite reuses the free pages of its file: it does not shrink, and needs no VACUUM.
 */
final class Purge {
  /** How many deliveries are forgotten in one transaction. */
  private static final int PAGE = 2_000;

  private static final long SILENCE_MICROS = LedgerRun.LONGEST_SILENCE.toNanos() / 1_000;

  /**
   * Only the run that had a delivery last was alive when it was settled. In SQLite the highest id
   * must stay, or the next delivery would get it again. Living runs are counted rather than joined,
   * so that each delivery is looked up by its key.
   */
  private static final String SETTLED =
      """
      SELECT s.id FROM redrive_state s
      WHERE s.id > :after AND s.account_no = :account AND s.place IS NULL AND s.open_run IS NULL
        AND s.settled_at < :before AND s.id < (SELECT MAX(id) FROM redrive_delivery)
        AND NOT EXISTS (SELECT 1 FROM redrive_run r
          WHERE r.run_no = s.run_no AND r.seen_at >= :before)
        AND (SELECT COUNT(*) FROM redrive_given g WHERE g.id = s.id AND g.run_no %s) = 0
      ORDER BY s.id LIMIT :most
      """;

  private final Database database;
  private final Part part;
  private final long before;

  Purge(Database database, Part part, Instant before) {
    this.database = database;
    this.part = part;
    this.before = Objects.requireNonNull(Columns.micros(before));
  }

  /** Reads the time by the clock that decides whether a run is alive. */
  static Instant now(Tx tx) {
    long micros = tx.query("SELECT " + tx.dialect().now()).mapTo(Long.class).one();
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** See {@link LedgerAdmin#purge}. */
  LedgerAdmin.Purged purge() {
    long deliveries = 0;
    List<Long> page = database.write(tx -> forgetDeliveries(tx, 0));
    while (!page.isEmpty()) {
      deliveries += page.size();
      long last = page.get(page.size() - 1);
      page = database.write(tx -> forgetDeliveries(tx, last));
    }
    // First, while it is known which runs are alive.
    long windows = database.write(this::forgetWindows);
    return new LedgerAdmin.Purged(deliveries, database.write(this::forgetRuns), windows);
  }

  private List<Long> forgetDeliveries(Tx tx, long after) {
    tx.dialect().holdAdmissions(tx.handle(), part);
    List<Long> living =
        tx.query(
                "SELECT run_no FROM redrive_run WHERE ended_at IS NULL AND seen_at > "
                    + tx.dialect().now()
                    + " - :silence")
            .bind("silence", SILENCE_MICROS)
            .mapTo(Long.class)
            .list();
    List<Long> ids =
        tx.query(SETTLED + tx.dialect().forUpdate(), Long.class, living)
            .bind("after", after)
            .bind("account", part.number())
            .bind("before", before)
            .bind("most", PAGE)
            .mapTo(Long.class)
            .list();
    if (!ids.isEmpty()) {
      PastRetries.forget(tx, ids);
      tx.update("DELETE FROM redrive_log WHERE delivery_id %s", Long.class, ids).execute();
      // By run, because there is no index by delivery.
      tx.update(
              "DELETE FROM redrive_given WHERE run_no IN (SELECT run_no FROM redrive_run)"
                  + " AND id BETWEEN :first AND :last AND id %s",
              Long.class, ids)
          .bind("first", ids.get(0))
          .bind("last", ids.get(ids.size() - 1))
          .execute();
      tx.update("DELETE FROM redrive_state WHERE id %s", Long.class, ids).execute();
      tx.update("DELETE FROM redrive_delivery WHERE id %s", Long.class, ids).execute();
    }
    return ids;
  }

  /** Older versions did not keep when a turn was taken that was given back. */
  private long forgetWindows(Tx tx) {
    return tx.update(
            """
            DELETE FROM redrive_window WHERE account_no = :account
              AND complete_until < :before AND COALESCE(taken_at, complete_until) < :before
              AND (run IS NULL OR (taken_at <= NOW_MICROS - :silence
                AND NOT EXISTS (SELECT 1 FROM redrive_run r WHERE r.id = redrive_window.run
                  AND r.ended_at IS NULL AND r.seen_at > NOW_MICROS - :silence)))
            """
                .replace("NOW_MICROS", tx.dialect().now()))
        .bind("account", part.number())
        .bind("before", before)
        .bind("silence", SILENCE_MICROS)
        .execute();
  }

  private long forgetRuns(Tx tx) {
    long runs =
        tx.update(
                """
                DELETE FROM redrive_run WHERE seen_at < :before
                  AND (ended_at IS NOT NULL OR seen_at <= NOW_MICROS - :silence)
                  AND run_no IN (SELECT run_no FROM redrive_run_account WHERE account_no = :account)
                  AND NOT EXISTS (SELECT 1 FROM redrive_given g WHERE g.run_no = redrive_run.run_no)
                """
                    .replace("NOW_MICROS", tx.dialect().now()))
            .bind("before", before)
            .bind("silence", SILENCE_MICROS)
            .bind("account", part.number())
            .execute();
    tx.update(
            "DELETE FROM redrive_run_account"
                + " WHERE run_no NOT IN (SELECT run_no FROM redrive_run)")
        .execute();
    return runs;
  }
}
