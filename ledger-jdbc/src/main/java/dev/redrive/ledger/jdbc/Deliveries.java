package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import dev.redrive.recovery.RetryLedger.Grouping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The deliveries of a ledger, in transactions that the caller has begun. */
final class Deliveries {
  /** Rows that one statement reads or changes at the most, so that memory stays bounded. */
  private static final int PAGE = 2_000;

  /** How far a claim looks for more once it has something. */
  private static final int FAR = 10_000;

  private static final String ENTRY =
      "SELECT d.*, a.provider, a.name FROM redrive_delivery d"
          + " JOIN redrive_account a ON a.account_no = d.account_no ";

  private static final String LOST = "the run that sent it ended before it recorded the answer";

  /** True of a run {@code r} with anything unsettled in {@code :account}. */
  private static final String HOLDS_UNSETTLED =
      Stream.of(DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.UNKNOWN)
          .map(
              state ->
                  "EXISTS (SELECT 1 FROM redrive_delivery d WHERE d.run_no = r.run_no"
                      + " AND d.account_no = :account AND d.state = '"
                      + state
                      + "')")
          .collect(Collectors.joining(" OR ", "(", ")"));

  private Deliveries() {}

  static List<LedgerEntry> claim(
      Handle handle, long run, int accountNo, Grouping grouping, int most, Instant now) {
    List<LedgerEntry> picked = pick(handle, run, accountNo, grouping, most);
    if (picked.isEmpty()) {
      return List.of();
    }
    handle
        .createUpdate(
            """
            UPDATE redrive_delivery SET state = 'SENDING', place = id, sends = sends + 1,
              new_log_id = NULL, reason = NULL, requested_at = :now, settled_at = NULL
            WHERE id = ANY(:ids)
            """)
        .bind("now", now)
        .bindArray("ids", Long.class, ids(picked))
        .execute();
    return picked.stream()
        .map(
            entry ->
                new LedgerEntry(
                    entry.id(),
                    entry.key(),
                    entry.delivery(),
                    DeliveryState.SENDING,
                    entry.sends() + 1,
                    null,
                    null,
                    now,
                    null))
        .toList();
  }

  private static List<LedgerEntry> pick(
      Handle handle, long run, int accountNo, Grouping grouping, int most) {
    var picked = new ArrayList<LedgerEntry>();
    Set<Long> out = null;
    long place = Long.MIN_VALUE;
    long id = 0;
    int seen = 0;
    while (picked.size() < most && (picked.isEmpty() || seen < FAR)) {
      int page = seen == 0 ? Math.min(most, PAGE) : PAGE;
      List<LedgerEntry> waiting = waiting(handle, run, accountNo, place, id, page);
      if (out == null) {
        out = new HashSet<>(waiting.isEmpty() ? List.of() : subjectsOut(handle, run, accountNo));
      }
      for (LedgerEntry entry : waiting) {
        Long subject = Columns.subject(entry.delivery());
        if (picked.size() < most
            && (grouping == Grouping.ANY || picked.isEmpty() || isOneWebhook(entry, picked.get(0)))
            && !out.contains(subject)) {
          picked.add(entry);
        }
      }
      if (waiting.size() < page) {
        break;
      }
      seen += page;
      LedgerEntry last = waiting.get(page - 1);
      place = Columns.age(last.delivery().latest().createdAt());
      id = last.id();
    }
    return picked;
  }

  private static boolean isOneWebhook(LedgerEntry a, LedgerEntry b) {
    return Objects.equals(a.delivery().latest().webhookId(), b.delivery().latest().webhookId());
  }

  /**
   * What waits behind a place in the queue. The order is spelt out as H2 needs it for its index.
   */
  private static List<LedgerEntry> waiting(
      Handle handle, long run, int accountNo, long place, long id, int most) {
    return entries(
        handle
            .createQuery(
                ENTRY
                    + """
                    WHERE d.run_no = :run AND d.account_no = :account AND d.state = 'FOUND'
                      AND d.place >= :place AND NOT (d.place = :place AND d.id <= :id)
                    ORDER BY d.run_no, d.account_no, d.state, d.place, d.id LIMIT :most
                    """)
            .bind("run", run)
            .bind("account", accountNo)
            .bind("place", place)
            .bind("id", id)
            .bind("most", most));
  }

  /** Subjects of which one delivery is out, in whichever run that may still hold it. */
  private static List<Long> subjectsOut(Handle handle, long run, int accountNo) {
    // A list of states would keep H2 from using its index.
    String ofState =
        """
        SELECT d.subject FROM redrive_run r JOIN redrive_delivery d ON d.run_no = r.run_no
        WHERE (r.ended_at IS NULL
            OR r.ended_at >= (SELECT started_at FROM redrive_run WHERE run_no = :run))
          AND d.account_no = :account AND d.state = '%s'
          AND d.settled_at IS NULL AND d.subject IS NOT NULL
        """;
    return handle
        .createQuery(
            ofState.formatted(DeliveryState.SENDING)
                + " UNION ALL "
                + ofState.formatted(DeliveryState.UNKNOWN))
        .bind("run", run)
        .bind("account", accountNo)
        .mapTo(Long.class)
        .list();
  }

  /** Subjects are looked up by their hash: what only shares the hash is no danger. */
  static Map<Long, List<String>> logsOfSiblings(
      Handle handle, int accountNo, List<LedgerEntry> entries) {
    record Log(long subject, long delivery, String id) {}
    Map<Long, Set<Log>> logs = new HashMap<>();
    List<Long> subjects = subjects(entries);
    if (subjects.isEmpty()) {
      return Map.of();
    }
    for (String own :
        List.of(
            "s.lineage FROM redrive_delivery s",
            "COALESCE(s.log_id, s.attempt_id, s.key_id) FROM redrive_delivery s",
            "l.log_id FROM redrive_delivery s JOIN redrive_log l ON l.delivery_id = s.id")) {
      handle
          .createQuery(
              "SELECT s.subject, s.id, "
                  + own
                  + " WHERE s.subject = ANY(:subjects) AND s.account_no + 0 = :account")
          .bindArray("subjects", Long.class, subjects)
          .bind("account", accountNo)
          .map((row, context) -> new Log(row.getLong(1), row.getLong(2), row.getString(3)))
          .forEach(log -> logs.computeIfAbsent(log.subject(), s -> new LinkedHashSet<>()).add(log));
    }
    Map<Long, List<String>> siblings = new HashMap<>();
    for (LedgerEntry entry : entries) {
      List<String> others =
          logs.getOrDefault(Columns.subject(entry.delivery()), Set.of()).stream()
              .filter(log -> log.delivery() != entry.id())
              .map(Log::id)
              .toList();
      if (!others.isEmpty()) {
        siblings.put(entry.id(), others);
      }
    }
    return siblings;
  }

  private static List<Long> subjects(List<LedgerEntry> entries) {
    return entries.stream()
        .map(entry -> Columns.subject(entry.delivery()))
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  static void record(
      Handle handle, long run, List<LedgerEntry> claimed, List<RetryResult> results) {
    PreparedBatch batch =
        handle.prepareBatch(
            """
            UPDATE redrive_delivery SET state = :state, place = :place, new_log_id = :newLogId,
              reason = :reason, requested_at = :requestedAt, settled_at = :settledAt
            WHERE id = :id AND run_no = :run AND state = 'SENDING' AND sends = :sends
            """);
    for (int i = 0; i < claimed.size(); i++) {
      LedgerEntry entry = claimed.get(i);
      RetryResult result = results.get(i);
      if (entry.state() != DeliveryState.SENDING) {
        continue;
      }
      DeliveryState state =
          switch (result.status()) {
            case ACCEPTED -> DeliveryState.ACCEPTED;
            case REJECTED -> DeliveryState.REJECTED;
            case NOT_SENT -> DeliveryState.FOUND;
            case UNKNOWN -> DeliveryState.UNKNOWN;
          };
      batch
          .bind("state", state.name())
          .bind("place", place(entry, state))
          .bind("newLogId", Columns.text(result.newLogId()))
          .bind("reason", Columns.reason(result.reason()))
          .bind("requestedAt", result.requestedAt())
          .bindByType(
              "settledAt",
              state == DeliveryState.REJECTED ? result.requestedAt() : null,
              Instant.class)
          .bind("id", entry.id())
          .bind("run", run)
          .bind("sends", entry.sends())
          .add();
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  static void settle(
      Handle handle,
      long run,
      List<LedgerEntry> entries,
      List<RetryOutcome> outcomes,
      Instant now) {
    PreparedBatch settled = handle.prepareBatch(settle(""));
    PreparedBatch failedAgain = handle.prepareBatch(settle(", " + Columns.SET_ATTEMPT));
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      RetryOutcome outcome = outcomes.get(i);
      WebhookLog log = outcome.log();
      String reason = Columns.reason(outcome.reason());
      boolean isPending = outcome.status() == RetryOutcome.Status.PENDING;
      if (!entry.state().isUnsettled() || (isPending && Objects.equals(reason, entry.reason()))) {
        continue;
      }
      DeliveryState state =
          switch (outcome.status()) {
            case DELIVERED -> DeliveryState.DELIVERED;
            case FAILED_AGAIN -> DeliveryState.FAILED_AGAIN;
            case NOT_SENT -> DeliveryState.FOUND;
            case UNKNOWN -> DeliveryState.UNKNOWN;
            case PENDING -> entry.state();
          };
      Instant settledAt = isPending ? entry.settledAt() : state == DeliveryState.FOUND ? null : now;
      FailedDelivery newAttempt =
          state == DeliveryState.FAILED_AGAIN && log != null
              ? new FailedDelivery(log, cause(entry, log))
              : null;
      PreparedBatch batch = newAttempt == null ? settled : failedAgain;
      batch
          .bind("state", state.name())
          .bind("place", settledAt == null ? place(entry, state) : 0)
          .bind("newLogId", Columns.text(isPending || log == null ? null : log.logId()))
          .bind("reason", reason)
          .bindByType("settledAt", settledAt, Instant.class)
          .bind("id", entry.id())
          .bind("run", run)
          .bind("read", entry.state().name())
          .bind("sends", entry.sends())
          .bind("wasOpen", entry.settledAt() == null);
      if (newAttempt != null) {
        Columns.bindAttempt(batch, entry.key().id(), null, newAttempt);
      }
      batch.add();
    }
    if (settled.size() > 0) {
      settled.execute();
    }
    if (failedAgain.size() > 0) {
      failedAgain.execute();
    }
  }

  private static String settle(String more) {
    return """
        UPDATE redrive_delivery SET state = :state, place = :place,
          new_log_id = COALESCE(:newLogId, new_log_id), reason = :reason, settled_at = :settledAt
          %s
        WHERE id = :id AND run_no = :run AND state = :read AND sends = :sends
          AND (settled_at IS NULL) = :wasOpen
        """
        .formatted(more);
  }

  /** What waits is sent by age, what is open is asked for by id. */
  private static long place(LedgerEntry entry, DeliveryState state) {
    return state == DeliveryState.FOUND
        ? Columns.age(entry.delivery().latest().createdAt())
        : entry.id();
  }

  /** Where neither attempt has a status, the provider tells none: the cause stays. */
  private static FailureCause cause(LedgerEntry entry, WebhookLog log) {
    return log.httpStatus() == null && entry.delivery().latest().httpStatus() == null
        ? entry.delivery().cause()
        : FailureCause.ofHttpStatus(log.httpStatus());
  }

  /** A log that a retry made, and the delivery that was retried. */
  record RetryLog(int accountNo, String logId, String lineage, LedgerEntry entry) {}

  /** Makes logs of a locked account known, and takes out what was admitted under their names. */
  static void join(Handle handle, List<RetryLog> logs) {
    Map<Integer, List<RetryLog>> byAccount =
        logs.stream().collect(Collectors.groupingBy(RetryLog::accountNo));
    byAccount.forEach(
        (accountNo, ofAccount) -> {
          addLogs(handle, accountNo, ofAccount);
          Map<String, Long> retried = new HashMap<>();
          ofAccount.forEach(log -> retried.put(Columns.indexed(log.lineage()), log.entry().id()));
          joinWaiting(handle, accountNo, retried);
        });
  }

  private static void addLogs(Handle handle, int accountNo, List<RetryLog> logs) {
    Map<String, LedgerEntry> added = new HashMap<>();
    for (RetryLog log : logs) {
      if (!log.logId().equals(log.entry().delivery().latest().logId())) {
        added.putIfAbsent(Columns.indexed(log.logId()), log.entry());
      }
    }
    if (added.isEmpty()) {
      return;
    }
    handle
        .createQuery(
            "SELECT log_id FROM redrive_log WHERE log_id = ANY(:logs) AND account_no + 0 = :account")
        .bindArray("logs", String.class, added.keySet())
        .bind("account", accountNo)
        .mapTo(String.class)
        .forEach(added::remove);
    PreparedBatch batch =
        handle.prepareBatch(
            """
            INSERT INTO redrive_log (log_id, account_no, delivery_id)
            VALUES (:log, :account, :delivery)
            """);
    added.forEach(
        (log, entry) ->
            batch.bind("log", log).bind("account", accountNo).bind("delivery", entry.id()).add());
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static void joinWaiting(Handle handle, int accountNo, Map<String, Long> retried) {
    record Waiting(long id, String lineage) {}
    List<Long> joined =
        handle
            .createQuery(
                """
                SELECT id, lineage FROM redrive_delivery
                WHERE lineage = ANY(:lineages) AND account_no + 0 = :account AND state = 'FOUND'
                """)
            .bindArray("lineages", String.class, retried.keySet())
            .bind("account", accountNo)
            .map((row, context) -> new Waiting(row.getLong("id"), row.getString("lineage")))
            .stream()
            .filter(waiting -> !Objects.equals(retried.get(waiting.lineage()), waiting.id()))
            .map(Waiting::id)
            .toList();
    if (!joined.isEmpty()) {
      handle
          .createUpdate(
              "UPDATE redrive_delivery SET state = 'JOINED', place = 0 WHERE id = ANY(:ids)")
          .bindArray("ids", Long.class, joined)
          .execute();
    }
  }

  /** Hands what dead runs left unsettled in a locked account to a run; how many that were. */
  static long takeOver(Handle handle, long heir, int accountNo, Instant now) {
    handle
        .createUpdate(
            """
            UPDATE redrive_run r SET taken_over = TRUE
            WHERE r.run_no <> :heir AND NOT r.taken_over AND NOT %s AND %s
            """
                .formatted(Runs.ALIVE, HOLDS_UNSETTLED))
        .bind("heir", heir)
        .bind("account", accountNo)
        .bind("now", now)
        .execute();
    List<Long> dead =
        handle
            .createQuery(
                "SELECT r.run_no FROM redrive_run r"
                    + " WHERE r.run_no <> :heir AND r.taken_over AND "
                    + HOLDS_UNSETTLED)
            .bind("heir", heir)
            .bind("account", accountNo)
            .mapTo(Long.class)
            .list();
    long taken = 0;
    for (long run : dead) {
      taken += takeOver(handle, heir, run, accountNo, DeliveryState.SENDING, now);
      taken += takeOver(handle, heir, run, accountNo, DeliveryState.ACCEPTED, now);
      taken += takeOver(handle, heir, run, accountNo, DeliveryState.UNKNOWN, now);
    }
    return taken;
  }

  private static long takeOver(
      Handle handle, long heir, long dead, int accountNo, DeliveryState state, Instant now) {
    String claimed =
        state == DeliveryState.SENDING
            ? ", state = 'UNKNOWN', reason = :lost, requested_at = :now"
            : "";
    long taken = 0;
    int page;
    do {
      List<Long> ids =
          handle
              .createQuery(
                  """
                  SELECT id FROM redrive_delivery
                  WHERE run_no = :run AND account_no = :account AND state = :state LIMIT :most
                  """)
              .bind("run", dead)
              .bind("account", accountNo)
              .bind("state", state.name())
              .bind("most", PAGE)
              .mapTo(Long.class)
              .list();
      page = ids.size();
      taken += page;
      if (page > 0) {
        handle
            .createUpdate(
                "UPDATE redrive_delivery SET run_no = :heir,"
                    + " place = CASE WHEN settled_at IS NULL THEN id ELSE place END"
                    + claimed
                    + " WHERE id = ANY(:ids)")
            .bind("heir", heir)
            .bind("lost", LOST)
            .bind("now", now)
            .bindArray("ids", Long.class, ids)
            .execute();
      }
    } while (page == PAGE);
    return taken;
  }

  static List<LedgerEntry> unsettled(
      Handle handle, long run, int accountNo, long afterId, int most) {
    String ofState =
        """
        (SELECT id FROM redrive_delivery
         WHERE run_no = :run AND account_no = :account AND state = '%s' AND place > :after
         ORDER BY run_no, account_no, state, place LIMIT :most)
        """;
    List<Long> ids =
        handle
            .createQuery(
                "SELECT id FROM ("
                    + ofState.formatted(DeliveryState.ACCEPTED)
                    + " UNION ALL "
                    + ofState.formatted(DeliveryState.UNKNOWN)
                    + ") u ORDER BY id LIMIT :most")
            .bind("run", run)
            .bind("account", accountNo)
            .bind("after", afterId)
            .bind("most", most)
            .mapTo(Long.class)
            .list();
    return ids.isEmpty()
        ? List.of()
        : entries(
            handle
                .createQuery(ENTRY + "WHERE d.id = ANY(:ids) ORDER BY d.id")
                .bindArray("ids", Long.class, ids));
  }

  static Map<DeliveryState, Long> counts(Handle handle, long run, @Nullable Integer accountNo) {
    record Count(DeliveryState state, long deliveries) {}
    Query query =
        handle
            .createQuery(
                "SELECT state, COUNT(*) AS deliveries FROM redrive_delivery WHERE run_no = :run"
                    + (accountNo == null ? "" : " AND account_no = :account")
                    + " GROUP BY state")
            .bind("run", run);
    if (accountNo != null) {
      query.bind("account", accountNo);
    }
    Map<DeliveryState, Long> counts = new EnumMap<>(DeliveryState.class);
    query
        .map(
            (row, context) ->
                new Count(DeliveryState.valueOf(row.getString("state")), row.getLong("deliveries")))
        .forEach(count -> counts.put(count.state(), count.deliveries()));
    return counts;
  }

  static Instant oldestClaimOfOthers(Handle handle, long run, int accountNo, Instant now) {
    return handle
        .createQuery(
            """
            SELECT MIN(d.requested_at) AS oldest
            FROM redrive_run r JOIN redrive_delivery d ON d.run_no = r.run_no
            WHERE r.run_no <> :run AND %s AND d.account_no = :account AND d.state = 'SENDING'
            """
                .formatted(Runs.ALIVE))
        .bind("run", run)
        .bind("account", accountNo)
        .bind("now", now)
        .map(
            (row, context) ->
                Objects.requireNonNullElse(Columns.instant(row, "oldest"), Instant.MAX))
        .one();
  }

  /** The ids from which and to which a run's deliveries lie; empty if it holds none. */
  static List<Long> span(Handle handle, long run) {
    return handle
        .createQuery(
            "SELECT MIN(id) AS low, MAX(id) AS high FROM redrive_delivery WHERE run_no = :run")
        .bind("run", run)
        .map(
            (row, context) ->
                row.getObject("low") == null
                    ? List.<Long>of()
                    : List.of(row.getLong("low"), row.getLong("high")))
        .one();
  }

  /** A run's deliveries within a stretch of ids. */
  static List<LedgerEntry> held(Handle handle, long run, long fromId, long toId) {
    // The sum keeps the planner from reading all of the run for every stretch.
    return entries(
        handle
            .createQuery(
                ENTRY + "WHERE d.id BETWEEN :from AND :to AND d.run_no + 0 = :run ORDER BY d.id")
            .bind("from", fromId)
            .bind("to", toId)
            .bind("run", run));
  }

  private static List<LedgerEntry> entries(Query query) {
    return query
        .map((row, context) -> Columns.entry(row, row.getString("provider"), row.getString("name")))
        .list();
  }

  private static List<Long> ids(Collection<LedgerEntry> entries) {
    return entries.stream().map(LedgerEntry::id).toList();
  }
}
