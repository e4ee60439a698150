package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A delivery that is in the ledger or will be stored, with the changes to store. */
final class Known {
  private static final String SELECT =
      "SELECT " + Columns.ENTRY + ", s.approved, g.listed_as, g.id AS given_id, ";

  private static final String JOINS =
      " JOIN redrive_state s ON s.id = d.id"
          + " LEFT JOIN redrive_given g ON g.run_no = :run AND g.id = d.id ";

  /**
   * Selects deliveries by the hashes of their retries' logs. The hashes are looked up in a query of
   * their own: in one big join, PostgreSQL would scan all deliveries.
   *
   * <p>The states come first: a claim moves a log from there to the others, and one that is moved
   * in between is found in both. In the other order it would be found in neither, and sent as a
   * delivery of its own.
   */
  static final List<String> OF_RETRY_LOGS =
      Stream.of(
              "SELECT id, new_log_id AS retry_log FROM redrive_state WHERE log_hash %s",
              "SELECT delivery_id AS id, log_id AS retry_log FROM redrive_log WHERE hash %s")
          .map(
              logs ->
                  "WITH known AS MATERIALIZED ("
                      + logs
                      + ") "
                      + SELECT
                      + "k.retry_log FROM known k JOIN redrive_delivery d ON d.id = k.id"
                      + JOINS
                      + "WHERE d.account_no + 0 "
                      + Part.SCOPE)
          .toList();

  /** The id of a delivery that is not stored yet. */
  private static final long NEW = 0;

  private final String lineage;
  private final boolean approved;
  private LedgerEntry entry;
  private boolean isInRun;
  private @Nullable Long listedAs;
  private boolean isGiven;
  private boolean isQueuedAgain;
  private boolean isNewer;
  private boolean isListed;

  private Known(
      String lineage,
      LedgerEntry entry,
      boolean approved,
      boolean isInRun,
      @Nullable Long listedAs) {
    this.lineage = lineage;
    this.entry = entry;
    this.approved = approved;
    this.isInRun = isInRun;
    this.listedAs = listedAs;
  }

  static Known added(String lineage, Part part, FailedDelivery found) {
    return new Known(
        lineage,
        LedgerEntry.found(NEW, part.account(), found),
        false,
        true,
        Columns.hash(found.key().id()));
  }

  /**
   * Reads the deliveries with the lineages of listed ones. An older version could store a delivery
   * under several names of its account. Then the last row counts, so rows that were sent come after
   * queued ones.
   */
  static List<Known> ofLineages(Tx tx, Part part, List<FailedDelivery> found) {
    return part.bindScope(
            part.bind(
                tx.query(
                    SELECT
                        + "NULL AS retry_log FROM redrive_delivery d"
                        + JOINS
                        + "WHERE d.lineage %s AND d.account_no + 0 "
                        + Part.SCOPE
                        + " ORDER BY CASE WHEN s.place IS NULL THEN 1 ELSE 0 END,"
                        + " CASE WHEN d.account_no = :account THEN 1 ELSE 0 END",
                    String.class,
                    found.stream().map(f -> Columns.indexed(f.lineage())).distinct().toList())))
        .map((row, context) -> known(row, part))
        .list();
  }

  /** Reads the deliveries whose retries created the logs, by log. */
  static Map<String, Known> ofRetryLogs(Tx tx, Part part, List<String> logs) {
    Map<String, Known> known = new HashMap<>();
    if (logs.isEmpty()) {
      return known;
    }
    for (String sql : OF_RETRY_LOGS) {
      part.bindScope(
              part.bind(tx.query(sql, Long.class, logs.stream().map(Columns::hash).toList())))
          .map(
              (row, context) ->
                  Map.entry(Columns.read(row.getString("retry_log")), known(row, part)))
          .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
    }
    return known;
  }

  private static Known known(ResultSet row, Part part) throws SQLException {
    long listed = row.getLong("listed_as");
    Long listedAs = row.wasNull() ? null : (Long) listed;
    return new Known(
        row.getString("lineage"),
        Columns.entry(row, part.account()),
        row.getBoolean("approved"),
        row.getObject("given_id") != null,
        listedAs);
  }

  Admission admission(FailedDelivery found, Round round, Instant now) {
    if (!isInRun) {
      return entry.admission(round, approved, now);
    }
    return listedAs == null || listedAs.equals(Columns.hash(found.key().id()))
        ? Admission.IN_THIS_RUN
        : Admission.EARLIER_ATTEMPT;
  }

  /** Sets the listed row that counts as the delivery in this run. */
  void listed(FailedDelivery found) {
    if (listedAs == null) {
      listedAs = Columns.hash(found.key().id());
      isListed = true;
    }
  }

  /** Gives it to the run. Queues it again if it failed again or was rejected. */
  void give(FailedDelivery found) {
    if (!entry.isUnderWay() && Columns.place(entry) == null) {
      entry = entry.queued();
      isQueuedAgain = true;
    }
    isInRun = true;
    isGiven = true;
    listedAs = Columns.hash(found.key().id());
  }

  void keepNewer(FailedDelivery found) {
    LedgerEntry newest = entry.withNewest(found);
    isNewer |= !newest.equals(entry);
    entry = newest;
  }

  String lineage() {
    return lineage;
  }

  LedgerEntry entry() {
    return entry;
  }

  @Nullable Long listedAs() {
    return listedAs;
  }

  boolean isNew() {
    return entry.id() == NEW;
  }

  boolean isQueuedAgain() {
    return isQueuedAgain;
  }

  boolean isNewer() {
    return isNewer && !isNew();
  }

  /** Whether it is given to the run and was known before. */
  boolean isGiven() {
    return isGiven && !isNew();
  }

  boolean isListed() {
    return isListed && !isNew();
  }
}
