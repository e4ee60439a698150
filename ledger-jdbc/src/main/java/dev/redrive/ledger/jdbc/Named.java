package dev.redrive.ledger.jdbc;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatements;

/**
 * A delivery that a person asked for.
 *
 * @param entry the delivery
 * @param lineage its lineage, as it is stored
 * @param part the account for which it was last listed, without a run
 */
record Named(LedgerEntry entry, String lineage, Part part) {
  /**
   * Conditions to find it, most likely first. The last one scans all deliveries of the provider.
   */
  private static final List<String> WAYS =
      List.of(
          "d.lineage = :lineage",
          "d.id IN (SELECT l.delivery_id FROM redrive_log l"
              + " WHERE l.hash = :hash AND l.log_id = :id)",
          "s.log_hash = :hash AND s.new_log_id = :id",
          "(d.key_id = :id OR d.attempt_id = :id OR d.log_id = :id OR d.attempt_lineage = :id)");

  /**
   * An older version could store a delivery under several names of its account. Then rows that were
   * sent come before queued ones, and the requested account before others.
   */
  private static final String SELECT =
      "SELECT "
          + Columns.ENTRY
          + """
          , a.account_no AS listed_for, a.provider, a.name, a.unique_ids
          FROM redrive_delivery d JOIN redrive_state s ON s.id = d.id
            JOIN redrive_account a ON a.account_no = s.account_no
          WHERE %s AND d.account_no + 0 IN (SELECT account_no FROM redrive_account
            WHERE provider = :provider AND (unique_ids OR name = :name))
          ORDER BY CASE WHEN s.place IS NULL THEN 0 ELSE 1 END,
            CASE WHEN a.name = :name THEN 0 ELSE 1 END, d.id DESC LIMIT 1
          """;

  /** See {@link LedgerAdmin#find}. */
  static Optional<Named> find(Tx tx, DeliveryKey key) {
    return WAYS.stream().flatMap(way -> find(tx, key, way).stream()).findFirst();
  }

  private static Optional<Named> find(Tx tx, DeliveryKey key, String way) {
    return tx.query(SELECT.formatted(way))
        .configure(SqlStatements.class, statements -> statements.setUnusedBindingAllowed(true))
        .bind("provider", Columns.text(key.provider()))
        .bind("name", Columns.text(key.account()))
        .bind("id", Columns.text(key.id()))
        .bind("lineage", Columns.indexed(key.id()))
        .bind("hash", Columns.hash(key.id()))
        .map(
            (row, context) -> {
              LedgerEntry entry = Columns.entry(row, Accounts.account(row));
              return new Named(
                  entry,
                  Objects.requireNonNull(row.getString("lineage")),
                  new Part(Runs.NONE, entry.account(), row.getInt("listed_for")));
            })
        .findOne();
  }
}
