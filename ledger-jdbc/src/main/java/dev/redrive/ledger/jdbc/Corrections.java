package dev.redrive.ledger.jdbc;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerAdmin.Resolution;
import dev.redrive.recovery.ledger.LedgerAdmin.Result;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.List;
import java.util.Optional;

/** Stores corrections by people. */
final class Corrections {
  /** The state of a delivery under one name of its account; older versions could store several. */
  private record Row(long id, boolean waits, boolean isUnderWay) {}

  private Corrections() {}

  /** See {@link LedgerAdmin#resolve}. */
  static Result resolve(Tx tx, DeliveryKey key, Resolution resolution) {
    Optional<Named> found = Named.find(tx, key);
    if (found.isEmpty()) {
      return Result.NOT_FOUND;
    }
    Named named = found.get();
    // An admission in progress must not store what it read before this change.
    tx.dialect().holdAdmissions(tx.handle(), named.part());
    List<Row> rows = locked(tx, named);
    if (rows.isEmpty()) {
      return Result.NOT_FOUND;
    }
    if (rows.stream().anyMatch(Row::isUnderWay)) {
      return Result.UNDER_WAY;
    }
    switch (resolution) {
      case DELIVERED -> deliver(tx, rows);
      case SEND_AGAIN -> sendAgain(tx, named, rows);
    }
    return Result.DONE;
  }

  /** Locks the rows, so that no run can claim them. */
  private static List<Row> locked(Tx tx, Named named) {
    return named
        .part()
        .bindScope(
            tx.query(
                "SELECT s.id, s.place, s.open_run FROM redrive_state s WHERE s.id IN (SELECT d.id"
                    + " FROM redrive_delivery d WHERE d.lineage = :lineage"
                    + " AND d.account_no + 0 "
                    + Part.SCOPE
                    + ") ORDER BY s.id"
                    + tx.dialect().forUpdate()))
        .bind("lineage", named.lineage())
        .map(
            (row, context) ->
                new Row(
                    row.getLong("id"),
                    row.getObject("place") != null,
                    row.getObject("open_run") != null))
        .list();
  }

  /** Marks rows as delivered, by a person if no run had sent them. */
  private static void deliver(Tx tx, List<Row> rows) {
    tx.update(
            """
            UPDATE redrive_state SET state = 'DELIVERED', place = NULL, again_at = NULL, reason = :reason,
              run_no = CASE WHEN run_no = :none THEN :person ELSE run_no END, settled_at = NOW_MICROS
            WHERE state <> 'DELIVERED' AND id %s
            """
                .replace("NOW_MICROS", tx.dialect().now()),
            Long.class,
            rows.stream().map(Row::id).toList())
        .bind("reason", LedgerEntry.BY_HAND)
        .bind("none", Runs.NONE)
        .bind("person", Runs.BY_HAND)
        .execute();
  }

  private static void sendAgain(Tx tx, Named named, List<Row> rows) {
    List<Long> waiting = rows.stream().filter(Row::waits).map(Row::id).toList();
    if (waiting.isEmpty()) {
      PastRetries.keep(tx, List.of(named.entry().id()));
      tx.update(
              """
              UPDATE redrive_state SET state = 'FOUND', run_no = 0, round = round + 1,
                approved = TRUE, reason = NULL, settled_at = NULL, again_at = NULL,
                place = (SELECT COALESCE(d.created_at, :unknown) FROM redrive_delivery d
                  WHERE d.id = redrive_state.id)
              WHERE id = :id
              """)
          .bind("unknown", Long.MIN_VALUE)
          .bind("id", named.entry().id())
          .execute();
    } else {
      tx.update("UPDATE redrive_state SET approved = TRUE WHERE id %s", Long.class, waiting)
          .execute();
    }
  }
}
