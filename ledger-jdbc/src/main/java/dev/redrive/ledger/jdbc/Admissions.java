package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import dev.redrive.recovery.RetryLedger.Admission;
import dev.redrive.recovery.RetryLedger.Round;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
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
          + ", s.listed_as, (s.approved OR r.approved) AS approved, "
          + Runs.ALIVE
          + " AS held";

  private final Handle handle;
  private final Dialect dialect;
  private final int accountNo;
  private final Account account;
  private final long run;
  private final Round round;
  private final Instant now;
  private final Map<String, Known> byLineage = new LinkedHashMap<>();
  private final Map<String, Known> byRetryLog = new HashMap<>();
  private Set<Long> subjectsOut = Set.of();

  private Admissions(
      Handle handle,
      Dialect dialect,
      int accountNo,
      Account account,
      long run,
      Round round,
      Instant now) {
    this.handle = handle;
    this.dialect = dialect;
    this.accountNo = accountNo;
    this.account = account;
    this.run = run;
    this.round = round;
    this.now = now;
  }

  /** Admits failures of one account, which the caller has locked. */
  static List<Admission> admit(
      Handle handle,
      Dialect dialect,
      int accountNo,
      Account account,
      long run,
      List<FailedDelivery> found,
      Round round,
      Instant now) {
    var admissions = new Admissions(handle, dialect, accountNo, account, run, round, now);
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
      Instant now,
      Predicate<String> isFirst) {
    var admissions =
        new Admissions(
            handle, dialect, accountNo == null ? 0 : accountNo, account, NO_RUN, round, now);
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
                , NULL AS retry_log
                FROM redrive_delivery d JOIN redrive_state s ON s.id = d.id
                  JOIN redrive_run r ON r.run_no = s.run_no
                WHERE d.account_no + 0 = :account AND d.lineage %s
                """,
            String.class,
            lineages)) {
      byLineage.put(known.lineage, known);
    }
    List<String> logs =
        found.stream()
            .filter(f -> !isKnown(byLineage.get(Columns.indexed(f.lineage()))))
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
                  JOIN redrive_state s ON s.id = d.id JOIN redrive_run r ON r.run_no = s.run_no
                WHERE l.account_no + 0 = :account AND l.hash %s
                """,
            Long.class,
            logs.stream().map(log -> Columns.hash(Columns.indexed(log))).toList());
    List<Known> open =
        select(
            KNOWN
                + """
                , s.new_log_id AS retry_log
                FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
                  JOIN redrive_run r ON r.run_no = s.run_no
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
            .bind("now", now)
            .map((row, context) -> new Known(row, account))
            .list();
  }

  private Admission admit(FailedDelivery found) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = resolve(named, found);
    if (known == null) {
      if (Deliveries.isOut(subjectsOut, found)) {
        return Admission.OTHER_RUN;
      }
      byLineage.put(lineage, new Known(lineage, run, found));
      return Admission.ADMITTED;
    }
    Admission admission = admission(known, found);
    if (admission == Admission.ADMITTED) {
      known.queueFor(run, found);
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
      return Admission.OTHER_RUN;
    }
    Admission admission = known == null ? Admission.ADMITTED : admission(known, found);
    boolean counts =
        admission == Admission.ADMITTED || (admission == Admission.IN_THIS_RUN && known == named);
    if (counts && !isFirst.test(known == null ? lineage : known.lineage)) {
      admission = Admission.EARLIER_ATTEMPT;
    }
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }

  private Admission admission(Known known, FailedDelivery found) {
    LedgerEntry entry = known.entry;
    if (known.run == run && entry.state() != DeliveryState.JOINED) {
      return known.listedAs == null || known.listedAs == listedAs(found)
          ? Admission.IN_THIS_RUN
          : Admission.EARLIER_ATTEMPT;
    }
    // A run that begins takes over what is free before it lists anything.
    return run == NO_RUN && !known.held && entry.isUnderWay()
        ? Admission.IN_THIS_RUN
        : entry.admission(round, !known.held, known.approved);
  }

  private static long listedAs(FailedDelivery found) {
    return Columns.hash(found.key().id());
  }

  private @Nullable Known resolve(@Nullable Known named, FailedDelivery found) {
    return isKnown(named)
        ? named
        : byRetryLog.getOrDefault(Columns.indexed(found.latest().logId()), named);
  }

  private static boolean isKnown(@Nullable Known named) {
    return named != null && named.entry.state() != DeliveryState.JOINED;
  }

  private void store() {
    byRetryLog.values().forEach(known -> byLineage.putIfAbsent(known.lineage, known));
    List<Known> added = new ArrayList<>();
    List<Known> queued = new ArrayList<>();
    List<Known> newer = new ArrayList<>();
    List<Known> moved = new ArrayList<>();
    for (Known known : byLineage.values()) {
      if (known.entry.id() == NEW) {
        added.add(known);
      } else {
        if (known.queued) {
          queued.add(known);
        }
        if (known.isNewer) {
          newer.add(known);
        }
        if (known.queued || known.isNewer || known.isListed) {
          moved.add(known);
        }
      }
    }
    add(added);
    queue(queued);
    keep(newer);
    place(moved);
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
    Table states =
        new Table()
            .with("id", Long.class, ids)
            .with("place", Long.class, places(added))
            .with("listed_as", Long.class, added.stream().map(known -> known.listedAs).toList());
    dialect
        .bindTable(
            handle.createUpdate(
                """
                INSERT INTO redrive_state (id, account_no, state, run_no, place, sends, listed_as)
                SELECT u.id, :account, 'FOUND', :run, u.place, 0, u.listed_as FROM %s
                """
                    .formatted(dialect.from(states))),
            states)
        .bind("account", accountNo)
        .bind("run", run)
        .execute();
  }

  private static List<Long> places(List<Known> waiting) {
    return waiting.stream().map(known -> Columns.place(known.entry)).toList();
  }

  private void queue(List<Known> queued) {
    if (!queued.isEmpty()) {
      dialect
          .bindList(
              handle.createUpdate(
                  """
                  UPDATE redrive_state
                  SET approved = (state = 'FOUND' AND (approved OR EXISTS (SELECT 1
                      FROM redrive_run r WHERE r.run_no = redrive_state.run_no AND r.approved))),
                    run_no = :run, state = 'FOUND', reason = NULL, settled_at = NULL
                  WHERE id %s
                  """
                      .formatted(dialect.isIn("ids"))),
              "ids",
              Long.class,
              queued.stream().map(known -> known.entry.id()).toList())
          .bind("run", run)
          .execute();
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
  }

  /** Puts what waits in its place, by the age of the attempt that is to be sent. */
  private void place(List<Known> changed) {
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE redrive_state SET place = :place, listed_as = :listed WHERE id = :id");
    for (Known known : changed) {
      batch
          .bind("id", known.entry.id())
          .bind("place", Columns.place(known.entry))
          .bind("listed", known.listedAs)
          .add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** A delivery of the ledger, and what is to be stored of it. */
  private static final class Known {
    private final String lineage;
    private final @Nullable String retryLog;
    private final boolean held;
    private final boolean approved;
    private LedgerEntry entry;
    private long run;
    private boolean queued;
    private boolean isNewer;
    private boolean isListed;

    /** See the schema. */
    private @Nullable Long listedAs;

    Known(ResultSet row, Account account) throws SQLException {
      lineage = row.getString("lineage");
      String log = row.getString("retry_log");
      retryLog = log == null ? null : Columns.indexed(log);
      held = row.getBoolean("held");
      approved = row.getBoolean("approved");
      long listed = row.getLong("listed_as");
      listedAs = row.wasNull() ? null : (Long) listed;
      run = row.getLong("run_no");
      entry = Columns.entry(row, account);
    }

    Known(String lineage, long run, FailedDelivery found) {
      this.lineage = lineage;
      this.retryLog = null;
      this.held = true;
      this.approved = false;
      this.listedAs = listedAs(found);
      this.run = run;
      this.entry = LedgerEntry.found(NEW, found);
    }

    /** A row that the provider listed stands for it in its run from now on. */
    void listed(FailedDelivery found) {
      if (listedAs == null) {
        listedAs = listedAs(found);
        isListed = true;
      }
    }

    void queueFor(long asking, FailedDelivery found) {
      run = asking;
      listedAs = listedAs(found);
      entry = entry.queued();
      queued = true;
    }

    void keepNewer(FailedDelivery found) {
      LedgerEntry newest = entry.withNewest(found);
      isNewer |= !newest.equals(entry);
      entry = newest;
    }
  }
}
