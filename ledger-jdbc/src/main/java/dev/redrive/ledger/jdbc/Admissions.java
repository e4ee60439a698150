package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import dev.redrive.recovery.RetryLedger.Admission;
import dev.redrive.recovery.RetryLedger.Round;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of failures that a provider listed, and stores it. */
final class Admissions {
  /** Stands for a run that has not begun. */
  private static final long NO_RUN = -1;

  /** The id of what is not stored yet. */
  private static final long NEW = 0;

  private static final String KNOWN =
      "SELECT "
          + Columns.ENTRY
          + ", g.listed_as, g.id AS given_id, "
          + Deliveries.APPROVED
          + " AS approved";

  /** What of a delivery {@code d} is not in its own row. */
  private static final String JOINS =
      " JOIN redrive_state s ON s.id = d.id"
          + " LEFT JOIN redrive_given g ON g.run_no = :run AND g.id = d.id ";

  private final Handle handle;
  private final Dialect dialect;
  private final int accountNo;
  private final Account account;
  private final long run;
  private final Round round;
  private final Map<String, Known> byLineage = new LinkedHashMap<>();
  private final Map<String, Known> byRetryLog = new HashMap<>();
  private Set<Long> subjectsOut = Set.of();

  private Admissions(
      Handle handle, Dialect dialect, int accountNo, Account account, long run, Round round) {
    this.handle = handle;
    this.dialect = dialect;
    this.accountNo = accountNo;
    this.account = account;
    this.run = run;
    this.round = round;
  }

  /** Admits failures of one account, which the caller has locked. */
  static List<Admission> admit(
      Handle handle,
      Dialect dialect,
      int accountNo,
      Account account,
      long run,
      List<FailedDelivery> found,
      Round round) {
    var admissions = new Admissions(handle, dialect, accountNo, account, run, round);
    admissions.lookUp(found);
    List<Admission> done = found.stream().map(admissions::admit).toList();
    admissions.store();
    return done;
  }

  /** {@code accountNo} is null for an account that nothing is known of. */
  static List<Admission> preview(
      Handle handle,
      Dialect dialect,
      @Nullable Integer accountNo,
      Account account,
      List<FailedDelivery> found,
      Round round,
      Predicate<String> isFirst) {
    var admissions =
        new Admissions(handle, dialect, accountNo == null ? 0 : accountNo, account, NO_RUN, round);
    if (accountNo != null) {
      admissions.lookUp(found);
    }
    return found.stream().map(delivery -> admissions.preview(delivery, isFirst)).toList();
  }

  private void lookUp(List<FailedDelivery> found) {
    List<String> lineages =
        found.stream().map(f -> Columns.indexed(f.lineage())).distinct().toList();
    for (Known known :
        select(
            KNOWN
                + """
                , NULL AS retry_log FROM redrive_delivery d
                """
                + JOINS
                + "WHERE d.account_no + 0 = :account AND d.lineage %s",
            String.class,
            lineages)) {
      byLineage.put(known.lineage, known);
    }
    List<String> logs =
        found.stream()
            .filter(f -> !byLineage.containsKey(Columns.indexed(f.lineage())))
            .map(f -> f.latest().logId())
            .distinct()
            .toList();
    Map<Long, Known> byId = new HashMap<>();
    byLineage.values().forEach(known -> byId.put(known.entry.id(), known));
    List<Known> settled =
        select(
            KNOWN
                + """
                , l.log_id AS retry_log
                FROM redrive_log l JOIN redrive_delivery d ON d.id = l.delivery_id
                """
                + JOINS
                + "WHERE l.account_no + 0 = :account AND l.hash %s",
            Long.class,
            logs.stream().map(log -> Columns.hash(Columns.indexed(log))).toList());
    List<Known> open =
        select(
            KNOWN
                + """
                , s.new_log_id AS retry_log
                FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
                  LEFT JOIN redrive_given g ON g.run_no = :run AND g.id = s.id
                WHERE s.account_no = :account AND s.state = 'ACCEPTED' AND s.new_log_id %s
                """,
            String.class,
            logs.stream().map(Columns::text).toList());
    Stream.concat(settled.stream(), open.stream())
        .forEach(
            known ->
                byRetryLog.put(
                    known.retryLog, byId.computeIfAbsent(known.entry.id(), id -> known)));
    if (!logs.isEmpty()) {
      subjectsOut = Deliveries.subjectsOut(handle, accountNo);
    }
  }

  /** The sums in the statements make the database look up each name, not read the account. */
  private List<Known> select(String sql, Class<?> type, Collection<?> names) {
    return names.isEmpty()
        ? List.of()
        : dialect
            .bindList(
                handle.createQuery(sql.formatted(dialect.isIn("names"))), "names", type, names)
            .bind("account", accountNo)
            .bind("run", run)
            .map((row, context) -> new Known(row, account))
            .list();
  }

  private Admission admit(FailedDelivery found) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = resolve(named, found);
    if (known == null) {
      if (Deliveries.isOut(subjectsOut, found)) {
        return Admission.MAY_BE_RETRY;
      }
      byLineage.put(lineage, new Known(lineage, found));
      return Admission.ADMITTED;
    }
    Admission admission = admission(known, found);
    if (admission == Admission.ADMITTED || admission == Admission.UNDER_WAY) {
      known.give(found);
    } else if (admission == Admission.IN_THIS_RUN && known == named) {
      known.listed(found);
    }
    known.keepNewer(found);
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }

  private Admission preview(FailedDelivery found, Predicate<String> isFirst) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = resolve(named, found);
    if (known == null && Deliveries.isOut(subjectsOut, found)) {
      return Admission.MAY_BE_RETRY;
    }
    Admission admission = known == null ? Admission.ADMITTED : admission(known, found);
    boolean counts = admission == Admission.ADMITTED || admission == Admission.UNDER_WAY;
    if (counts && !isFirst.test(known == null ? lineage : known.lineage)) {
      admission = Admission.EARLIER_ATTEMPT;
    }
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }

  private Admission admission(Known known, FailedDelivery found) {
    if (!known.isGiven) {
      return known.entry.admission(round, known.approved);
    }
    return known.listedAs == null || known.listedAs == listedAs(found)
        ? Admission.IN_THIS_RUN
        : Admission.EARLIER_ATTEMPT;
  }

  private static long listedAs(FailedDelivery found) {
    return Columns.hash(found.key().id());
  }

  private @Nullable Known resolve(@Nullable Known named, FailedDelivery found) {
    return named == null ? byRetryLog.get(Columns.indexed(found.latest().logId())) : named;
  }

  private void store() {
    byRetryLog.values().forEach(known -> byLineage.putIfAbsent(known.lineage, known));
    add(byLineage.values().stream().filter(known -> known.entry.id() == NEW).toList());
    List<Known> stored =
        byLineage.values().stream().filter(known -> known.entry.id() != NEW).toList();
    queueAgain(stored.stream().filter(known -> known.isQueuedAgain).toList());
    keep(stored.stream().filter(known -> known.isNewer).toList());
    give(stored.stream().filter(known -> known.isListed).toList());
  }

  private void add(List<Known> added) {
    if (added.isEmpty()) {
      return;
    }
    List<Long> ids = dialect.newIds(handle, added.size());
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO redrive_delivery (id, account_no, key_id, lineage, attempt_id, log_id,
              attempt_lineage, subject, cause, webhook_id, endpoint, event_id, event_type,
              http_status, attempt_number, created_at, attempted_at)
            VALUES (:id, :account, :keyId, :lineage, :attemptId, :logId, :attemptLineage, :subject,
              :cause, :webhookId, :endpoint, :eventId, :eventType, :httpStatus, :attemptNumber,
              :createdAt, :attemptedAt)
            """);
    for (int i = 0; i < ids.size(); i++) {
      Known known = added.get(i);
      String keyId = known.entry.key().id();
      batch
          .bind("id", ids.get(i))
          .bind("account", accountNo)
          .bind("keyId", Columns.text(keyId))
          .bind("lineage", known.lineage);
      Columns.bindAttempt(batch, keyId, known.lineage, known.entry.delivery()).add();
    }
    batch.execute();
    Table states = new Table().with("id", Long.class, ids).with("place", Long.class, places(added));
    dialect
        .bindTable(
            handle.createUpdate(
                """
                INSERT INTO redrive_state (id, account_no, state, run_no, place, sends, round)
                SELECT u.id, :account, 'FOUND', 0, u.place, 0, 0 FROM %s
                """
                    .formatted(dialect.from(states))),
            states)
        .bind("account", accountNo)
        .execute();
    give(ids, added);
  }

  private void give(List<Known> listed) {
    give(listed.stream().map(known -> known.entry.id()).toList(), listed);
  }

  /** Lets the run have deliveries, each as it was listed. */
  private void give(List<Long> ids, List<Known> listed) {
    if (ids.isEmpty()) {
      return;
    }
    Table table =
        new Table()
            .with("id", Long.class, ids)
            .with("listed_as", Long.class, listed.stream().map(known -> known.listedAs).toList());
    dialect
        .bindTable(
            handle.createUpdate(
                """
                INSERT INTO redrive_given (run_no, id, round, listed_as)
                SELECT :run, u.id, s.round, u.listed_as FROM %s JOIN redrive_state s ON s.id = u.id
                WHERE TRUE
                ON CONFLICT (run_no, id) DO UPDATE SET listed_as = excluded.listed_as
                """
                    .formatted(dialect.from(table))),
            table)
        .bind("run", run)
        .execute();
  }

  private static List<Long> places(List<Known> waiting) {
    return waiting.stream().map(known -> Columns.place(known.entry)).toList();
  }

  /**
   * Has what ended badly wait once more, in a round that only the runs it is given to now share.
   */
  private void queueAgain(List<Known> queued) {
    if (!queued.isEmpty()) {
      dialect
          .bindList(
              handle.createUpdate(
                  """
                  UPDATE redrive_state SET state = 'FOUND', run_no = 0, round = round + 1,
                    reason = NULL, settled_at = NULL
                  WHERE id %s
                  """
                      .formatted(dialect.isIn("ids"))),
              "ids",
              Long.class,
              queued.stream().map(known -> known.entry.id()).toList())
          .execute();
      place(queued);
    }
  }

  private void keep(List<Known> newer) {
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE redrive_delivery SET " + Columns.SET_ATTEMPT + " WHERE id = :id");
    for (Known known : newer) {
      LedgerEntry entry = known.entry;
      batch.bind("id", entry.id());
      Columns.bindAttempt(batch, entry.key().id(), known.lineage, entry.delivery()).add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
    place(newer);
  }

  /** Puts what waits in its place, by the age of the attempt that is to be sent. */
  private void place(List<Known> waiting) {
    PreparedBatch batch =
        handle.prepareBatch("UPDATE redrive_state SET place = :place WHERE id = :id");
    for (Known known : waiting) {
      batch.bind("id", known.entry.id()).bind("place", Columns.place(known.entry)).add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** A delivery of the ledger, and what is to be stored of it. */
  private static final class Known {
    private final String lineage;
    private final @Nullable String retryLog;
    private final boolean approved;
    private LedgerEntry entry;
    private boolean isGiven;
    private boolean isQueuedAgain;
    private boolean isNewer;
    private boolean isListed;

    /** See the schema. */
    private @Nullable Long listedAs;

    Known(ResultSet row, Account account) throws SQLException {
      lineage = row.getString("lineage");
      String log = Columns.text(row, "retry_log");
      retryLog = log == null ? null : Columns.indexed(log);
      approved = row.getBoolean("approved");
      isGiven = row.getObject("given_id") != null;
      long listed = row.getLong("listed_as");
      listedAs = row.wasNull() ? null : (Long) listed;
      entry = Columns.entry(row, account);
    }

    Known(String lineage, FailedDelivery found) {
      this.lineage = lineage;
      this.retryLog = null;
      this.approved = false;
      this.isGiven = true;
      this.listedAs = listedAs(found);
      this.entry = LedgerEntry.found(NEW, found);
    }

    /** A row that the provider listed stands for it in its run from now on. */
    void listed(FailedDelivery found) {
      if (listedAs == null) {
        listedAs = listedAs(found);
        isListed = true;
      }
    }

    /** To the run, to be sent if it waits or ended badly. */
    void give(FailedDelivery found) {
      if (!entry.isUnderWay() && entry.state() != DeliveryState.FOUND) {
        entry = entry.queued();
        isQueuedAgain = true;
      }
      isGiven = true;
      listedAs = listedAs(found);
      isListed = true;
    }

    void keepNewer(FailedDelivery found) {
      LedgerEntry newest = entry.withNewest(found);
      isNewer |= !newest.equals(entry);
      entry = newest;
    }
  }
}
