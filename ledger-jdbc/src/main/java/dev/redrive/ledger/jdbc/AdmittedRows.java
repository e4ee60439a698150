package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Stores the deliveries that were admitted to a run. */
final class AdmittedRows {
  private static final String INSERT_DELIVERY =
      "INSERT INTO redrive_delivery (id, account_no, key_id, lineage, "
          + String.join(", ", Attempts.COLUMNS)
          + ") SELECT u.id, :account, u.key_id, u.lineage, "
          + Attempts.COLUMNS.stream().map(c -> "u." + c).collect(Collectors.joining(", "))
          + " FROM %s";

  /** Selects whether the run is approved. */
  private static final String APPROVED =
      "(SELECT r.approved FROM redrive_run r WHERE r.run_no = :run)";

  private AdmittedRows() {}

  static void store(Tx tx, Part part, Collection<Known> all) {
    add(tx, part, all.stream().filter(Known::isNew).toList());
    queueAgain(tx, all.stream().filter(Known::isQueuedAgain).toList());
    give(tx, part, all.stream().filter(Known::isGiven).toList());
    list(tx, part, all.stream().filter(Known::isListed).toList());
    keepNewer(tx, all.stream().filter(Known::isNewer).toList());
  }

  /** A new delivery and its id. */
  private record Added(long id, Known known) {
    LedgerEntry entry() {
      return known.entry();
    }
  }

  private static void add(Tx tx, Part part, List<Known> added) {
    if (added.isEmpty()) {
      return;
    }
    List<Long> ids = tx.dialect().newIds(tx.handle(), added.size());
    List<Added> rows =
        IntStream.range(0, added.size())
            .mapToObj(i -> new Added(ids.get(i), added.get(i)))
            .toList();
    Rows deliveries =
        new Rows()
            .with("id", Long.class, rows, Added::id)
            .with("key_id", String.class, rows, row -> Columns.text(row.entry().key().id()))
            .with("lineage", String.class, rows, row -> row.known().lineage())
            .bind("account", part.number());
    Attempts.columns(
        deliveries,
        rows,
        row -> row.entry().key().id(),
        row -> row.known().lineage(),
        row -> row.entry().delivery());
    tx.execute(INSERT_DELIVERY, deliveries);
    tx.execute(
        "INSERT INTO redrive_state (id, account_no, state, run_no, place, approved, round, sends)"
            + " SELECT u.id, :account, 'FOUND', 0, u.place, "
            + APPROVED
            + ", 0, 0 FROM %s",
        new Rows()
            .with("id", Long.class, rows, Added::id)
            .with("place", Long.class, rows, row -> Columns.place(row.entry()))
            .bind("account", part.number())
            .bind("run", part.run()));
    tx.execute(
        """
        INSERT INTO redrive_given (run_no, id, account_no, round, listed_as, held)
        SELECT :run, u.id, :account, 0, u.listed_as, FALSE FROM %s
        """,
        new Rows()
            .with("id", Long.class, rows, Added::id)
            .with("listed_as", Long.class, rows, row -> row.known().listedAs())
            .bind("account", part.number())
            .bind("run", part.run()));
  }

  /**
   * Queues deliveries again, in a new round, so that only runs that are given them from now on send
   * them.
   */
  private static void queueAgain(Tx tx, List<Known> queued) {
    PastRetries.keep(tx, queued.stream().map(known -> known.entry().id()).toList());
    tx.execute(
        """
        UPDATE redrive_state AS s SET state = 'FOUND', run_no = 0, place = u.place,
          round = s.round + 1, approved = FALSE, reason = NULL, settled_at = NULL,
          again_at = NULL
        FROM %s WHERE s.id = u.id AND s.open_run IS NULL AND s.place IS NULL
        """,
        new Rows()
            .with("id", Long.class, queued, known -> known.entry().id())
            .with("place", Long.class, queued, known -> Columns.place(known.entry())));
  }

  /** Gives known deliveries to the run, under the account for which they were listed. */
  private static void give(Tx tx, Part part, List<Known> given) {
    if (given.isEmpty()) {
      return;
    }
    part.bind(
            tx.update(
                "UPDATE redrive_state SET account_no = :account, approved = approved OR "
                    + APPROVED
                    + " WHERE id %s",
                Long.class,
                given.stream().map(known -> known.entry().id()).toList()))
        .execute();
    tx.execute(
        """
        INSERT INTO redrive_given (run_no, id, account_no, round, listed_as, held)
        SELECT :run, u.id, :account, s.round, u.listed_as, FALSE
        FROM redrive_state s, %s WHERE s.id = u.id
        ON CONFLICT (run_no, id) DO UPDATE SET
          account_no = excluded.account_no, round = excluded.round, listed_as = excluded.listed_as
        """,
        new Rows()
            .with("id", Long.class, given, known -> known.entry().id())
            .with("listed_as", Long.class, given, Known::listedAs)
            .bind("account", part.number())
            .bind("run", part.run()));
  }

  private static void list(Tx tx, Part part, List<Known> listed) {
    tx.execute(
        """
        UPDATE redrive_given AS g SET listed_as = u.listed_as FROM %s
        WHERE g.run_no = :run AND g.id = u.id
        """,
        new Rows()
            .with("id", Long.class, listed, known -> known.entry().id())
            .with("listed_as", Long.class, listed, Known::listedAs)
            .bind("run", part.run()));
  }

  /** Stores newer attempts of deliveries that are still queued, with their new place. */
  private static void keepNewer(Tx tx, List<Known> newer) {
    Set<Long> waiting =
        newer.isEmpty()
            ? Set.of()
            : tx.query(
                    "SELECT s.id FROM redrive_state s WHERE s.place IS NOT NULL AND s.id %s"
                        + " ORDER BY s.id"
                        + tx.dialect().forUpdate(),
                    Long.class,
                    newer.stream().map(known -> known.entry().id()).toList())
                .mapTo(Long.class)
                .set();
    List<Known> kept =
        newer.stream().filter(known -> waiting.contains(known.entry().id())).toList();
    tx.execute(
        "UPDATE redrive_state AS s SET place = u.place FROM %s WHERE s.id = u.id",
        new Rows()
            .with("id", Long.class, kept, known -> known.entry().id())
            .with("place", Long.class, kept, known -> Columns.place(known.entry())));
    tx.execute(
        Attempts.UPDATE,
        Attempts.columns(
            new Rows().with("id", Long.class, kept, known -> known.entry().id()),
            kept,
            known -> known.entry().key().id(),
            Known::lineage,
            known -> known.entry().delivery()));
  }
}
