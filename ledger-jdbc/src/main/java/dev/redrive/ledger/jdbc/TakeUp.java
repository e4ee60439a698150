package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.recovery.ledger.RetryLedger.Holder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** Finds what runs have in progress, and takes over what dead runs left. */
final class TakeUp {
  private TakeUp() {}

  /** See {@link RetryLedger#takeUp}. */
  static long takeUp(Tx tx, Part heir, Instant now, Duration silence) {
    List<Long> dead =
        heir.bind(
                tx.query(
                    "SELECT r.run_no FROM redrive_run r WHERE r.run_no <> :run"
                        + " AND (r.ended_at IS NOT NULL OR r.seen_at <= "
                        + tx.dialect().now()
                        + " - :silence) AND "
                        + holds("r")
                        + " ORDER BY r.run_no"))
            .bind("silence", silence.toNanos() / 1_000)
            .mapTo(Long.class)
            .list();
    int taken = 0;
    for (long run : dead) {
      taken += takeUp(tx, heir, run, now);
    }
    return taken == 0 ? 0 : give(tx, heir);
  }

  private static String holds(String run) {
    return "EXISTS (SELECT 1 FROM redrive_state s WHERE s.open_run = "
        + run
        + ".run_no AND s.account_no = :account)";
  }

  private static int takeUp(Tx tx, Part heir, long dead, Instant now) {
    return heir.bind(
            tx.update(
                """
                UPDATE redrive_state SET run_no = :run, open_run = :run, sent_by = COALESCE(sent_by, run_no),
                  reason = CASE WHEN state = 'SENDING' THEN :lost ELSE reason END,
                  lost_at = CASE WHEN state = 'SENDING' THEN :now ELSE lost_at END,
                  state = CASE WHEN state = 'SENDING' THEN 'UNKNOWN' ELSE state END
                WHERE open_run = :dead AND account_no = :account
                  AND (state <> 'SENDING' OR lease_until IS NULL OR lease_until <=\
                """
                    + " "
                    + tx.dialect().now()
                    + ")"))
        .bind("dead", dead)
        .bind("lost", LedgerEntry.LOST)
        .bind("now", Columns.micros(now))
        .execute();
  }

  /** Gives the run what it took over. Returns how many deliveries it was not given before. */
  private static int give(Tx tx, Part heir) {
    return heir.bind(
            tx.update(
                """
                INSERT INTO redrive_given (run_no, id, account_no, round, held)
                SELECT :run, id, account_no, round, FALSE FROM redrive_state
                WHERE open_run = :run AND account_no = :account ON CONFLICT DO NOTHING
                """))
        .execute();
  }

  /** See {@link RetryLedger#holders}. */
  static List<Holder> holders(Tx tx, Part part) {
    return part.bind(
            tx.query(
                "SELECT r.id, "
                    + tx.dialect().now()
                    + " - r.seen_at AS silence FROM redrive_run r WHERE r.run_no <> :run AND "
                    + holds("r")
                    + " ORDER BY r.run_no"))
        .map(
            (row, context) ->
                new Holder(
                    Columns.read(row.getString("id")),
                    Duration.of(row.getLong("silence"), ChronoUnit.MICROS)))
        .list();
  }

  /** See {@link RetryLedger#claimsOfOthers}. */
  static Set<Long> claimsOfOthers(Tx tx, Part part) {
    return part.bindScope(
            part.bind(
                tx.query(
                    "SELECT s.id FROM redrive_state s WHERE s.open_run IS NOT NULL"
                        + " AND s.open_run <> :run AND s.state = 'SENDING' AND s.lease_until > "
                        + tx.dialect().now()
                        + " AND s.account_no "
                        + Part.SCOPE)))
        .mapTo(Long.class)
        .set();
  }
}
