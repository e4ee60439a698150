package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.DeliveryState;
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
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of failures that a provider listed, and stores it. */
final class Admissions {
  /** Stands for a run that has not begun. */
  private static final long NO_RUN = -1;

  private static final String KNOWN =
      """
      SELECT d.id, d.run_no, d.state, d.key_id, d.lineage, d.created_at, d.attempted_at,
        d.attempt_number, %s AS held
      """
          .formatted(Runs.ALIVE);

  private final Handle handle;
  private final int accountNo;
  private final long run;
  private final Round round;
  private final Instant now;
  private final Map<String, Known> byLineage = new LinkedHashMap<>();
  private final Map<String, Known> byRetryLog = new HashMap<>();

  private Admissions(Handle handle, int accountNo, long run, Round round, Instant now) {
    this.handle = handle;
    this.accountNo = accountNo;
    this.run = run;
    this.round = round;
    this.now = now;
  }

  /** Admits failures of one account, which the caller has locked. */
  static List<Admission> admit(
      Handle handle,
      int accountNo,
      long run,
      List<FailedDelivery> found,
      Round round,
      Instant now) {
    var admissions = new Admissions(handle, accountNo, run, round, now);
    admissions.lookUp(found);
    List<Admission> done = found.stream().map(admissions::admit).toList();
    admissions.store();
    return done;
  }

  static List<Admission> preview(
      Handle handle, int accountNo, List<FailedDelivery> found, Round round, Instant now) {
    var admissions = new Admissions(handle, accountNo, NO_RUN, round, now);
    admissions.lookUp(found);
    return found.stream().map(admissions::preview).toList();
  }

  private void lookUp(List<FailedDelivery> found) {
    List<String> lineages =
        found.stream().map(f -> Columns.indexed(f.lineage())).distinct().toList();
    for (Known known :
        select(
            KNOWN
                + """
                , NULL AS retry_log
                FROM redrive_delivery d JOIN redrive_run r ON r.run_no = d.run_no
                WHERE d.account_no + 0 = :account AND d.lineage = ANY(:names)
                """,
            lineages)) {
      byLineage.put(known.lineage, known);
    }
    List<String> logs =
        found.stream()
            .filter(f -> !isKnown(byLineage.get(Columns.indexed(f.lineage()))))
            .map(f -> Columns.indexed(f.latest().logId()))
            .distinct()
            .toList();
    Map<Long, Known> byId = new HashMap<>();
    byLineage.values().forEach(known -> byId.put(known.id, known));
    for (Known known :
        select(
            KNOWN
                + """
                , l.log_id AS retry_log
                FROM redrive_log l JOIN redrive_delivery d ON d.id = l.delivery_id
                  JOIN redrive_run r ON r.run_no = d.run_no
                WHERE l.account_no + 0 = :account AND l.log_id = ANY(:names)
                """,
            logs)) {
      byRetryLog.put(known.retryLog, byId.computeIfAbsent(known.id, id -> known));
    }
  }

  /** The sums in the statements make H2 look up each name instead of reading the account. */
  private List<Known> select(String sql, Collection<String> names) {
    return names.isEmpty()
        ? List.of()
        : handle
            .createQuery(sql)
            .bind("account", accountNo)
            .bind("now", now)
            .bindArray("names", String.class, names)
            .map((row, context) -> new Known(row))
            .list();
  }

  private Admission admit(FailedDelivery found) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = resolve(named, found);
    if (known == null) {
      byLineage.put(lineage, new Known(lineage, run, found));
      return Admission.ADMITTED;
    }
    Admission admission = known.admission(run, round);
    if (admission == Admission.ADMITTED) {
      known.queueFor(run);
    }
    known.keepNewer(found);
    return admission == Admission.ADMITTED || known == named
        ? admission
        : Admission.PART_OF_LINEAGE;
  }

  private Admission preview(FailedDelivery found) {
    Known named = byLineage.get(Columns.indexed(found.lineage()));
    Known known = resolve(named, found);
    if (known == null) {
      return Admission.ADMITTED;
    }
    return known == named ? known.admission(NO_RUN, round) : Admission.PART_OF_LINEAGE;
  }

  private @Nullable Known resolve(@Nullable Known named, FailedDelivery found) {
    return isKnown(named)
        ? named
        : byRetryLog.getOrDefault(Columns.indexed(found.latest().logId()), named);
  }

  private static boolean isKnown(@Nullable Known named) {
    return named != null && named.state != DeliveryState.JOINED;
  }

  private void store() {
    PreparedBatch added =
        handle.prepareBatch(
            """
            INSERT INTO redrive_delivery (account_no, run_no, state, place, sends, key_id, lineage,
              attempt_id, log_id, attempt_lineage, subject, cause, webhook_id, endpoint, event_id,
              event_type, http_status, attempt_number, created_at, attempted_at)
            VALUES (:account, :run, 'FOUND', :place, 0, :keyId, :lineage, :attemptId, :logId,
              :attemptLineage, :subject, :cause, :webhookId, :endpoint, :eventId, :eventType,
              :httpStatus, :attemptNumber, :createdAt, :attemptedAt)
            """);
    List<Known> queued = new ArrayList<>();
    PreparedBatch newer =
        handle.prepareBatch(
            "UPDATE redrive_delivery SET place = :place, "
                + Columns.SET_ATTEMPT
                + " WHERE id = :id");
    byRetryLog.values().forEach(known -> byLineage.putIfAbsent(known.lineage, known));
    for (Known known : byLineage.values()) {
      FailedDelivery newest = known.newest;
      if (known.isNew() && newest != null) {
        added
            .bind("account", accountNo)
            .bind("run", run)
            .bind("place", Columns.age(newest.latest().createdAt()))
            .bind("keyId", Columns.text(known.keyId))
            .bind("lineage", known.lineage);
        Columns.bindAttempt(added, known.keyId, known.lineage, newest).add();
        continue;
      }
      if (known.queued) {
        queued.add(known);
      }
      if (newest != null) {
        newer.bind("id", known.id).bind("place", Columns.age(newest.latest().createdAt()));
        Columns.bindAttempt(newer, known.keyId, known.lineage, newest).add();
      }
    }
    if (added.size() > 0) {
      added.execute();
    }
    queue(queued);
    if (newer.size() > 0) {
      newer.execute();
    }
  }

  private void queue(List<Known> queued) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE redrive_delivery
            SET run_no = :run, state = 'FOUND', place = :place, reason = NULL, settled_at = NULL
            WHERE id = :id
            """);
    for (Known known : queued) {
      batch.bind("run", run).bind("id", known.id).bind("place", Columns.age(known.createdAt)).add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** A delivery of the ledger, as far as admission looks at it. */
  private static final class Known {
    private static final long NEW = 0;

    private final long id;
    private final String keyId;
    private final String lineage;
    private final @Nullable String retryLog;
    private final boolean held;
    private long run;
    private DeliveryState state;
    private @Nullable Instant createdAt;
    private @Nullable Instant attemptedAt;
    private @Nullable Integer attemptNumber;
    private boolean queued;
    private @Nullable FailedDelivery newest;

    Known(ResultSet row) throws SQLException {
      id = row.getLong("id");
      keyId = row.getString("key_id");
      lineage = row.getString("lineage");
      retryLog = row.getString("retry_log");
      held = row.getBoolean("held");
      run = row.getLong("run_no");
      state = DeliveryState.valueOf(row.getString("state"));
      createdAt = Columns.instant(row, "created_at");
      attemptedAt = Columns.instant(row, "attempted_at");
      attemptNumber = Columns.integer(row, "attempt_number");
    }

    Known(String lineage, long run, FailedDelivery found) {
      this.id = NEW;
      this.keyId = found.key().id();
      this.lineage = lineage;
      this.retryLog = null;
      this.held = true;
      this.run = run;
      this.state = DeliveryState.FOUND;
      keep(found);
    }

    boolean isNew() {
      return id == NEW;
    }

    Admission admission(long asking, Round round) {
      if (state == DeliveryState.JOINED) {
        return Admission.PART_OF_LINEAGE;
      }
      if (run == asking) {
        return Admission.IN_THIS_RUN;
      }
      Admission sendable = held ? Admission.OTHER_RUN : Admission.ADMITTED;
      return switch (state) {
        case FOUND -> sendable;
        case FAILED_AGAIN -> round == Round.ANOTHER ? sendable : Admission.FAILED_AGAIN_EARLIER;
        case REJECTED -> round == Round.ANOTHER ? sendable : Admission.REJECTED_EARLIER;
        case DELIVERED -> Admission.ALREADY_DELIVERED;
        // A run that begins takes over what is free before it lists anything.
        case SENDING, ACCEPTED, UNKNOWN ->
            !held && asking == NO_RUN ? Admission.IN_THIS_RUN : Admission.OTHER_RUN;
        case JOINED -> Admission.PART_OF_LINEAGE;
      };
    }

    void queueFor(long asking) {
      run = asking;
      state = DeliveryState.FOUND;
      queued = true;
    }

    void keepNewer(FailedDelivery found) {
      WebhookLog log = found.latest();
      int order = compare(log.createdAt(), createdAt);
      if (order == 0) {
        order = compare(log.attemptedAt(), attemptedAt);
      }
      if (order == 0) {
        order = compare(log.attemptNumber(), attemptNumber);
      }
      if (state == DeliveryState.FOUND && order > 0) {
        keep(found);
      }
    }

    private void keep(FailedDelivery found) {
      newest = found;
      createdAt = found.latest().createdAt();
      attemptedAt = found.latest().attemptedAt();
      attemptNumber = found.latest().attemptNumber();
    }

    private static <T extends Comparable<T>> int compare(@Nullable T a, @Nullable T b) {
      return a == null || b == null ? 0 : a.compareTo(b);
    }
  }
}
