package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import dev.redrive.recovery.RetryLedger;
import dev.redrive.recovery.RetryLedger.Grouping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The deliveries of a ledger, in transactions that the caller has begun. */
final class Deliveries {
  /** Rows that one statement reads or changes at the most, so that memory stays bounded. */
  private static final int PAGE = 2_000;

  /** How far a claim looks for more once it has something. */
  private static final int FAR = 10_000;

  /** The states of what was claimed and is open, as the database calls them. */
  private static final List<String> UNDER_WAY =
      Stream.of(DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.UNKNOWN)
          .map(DeliveryState::name)
          .toList();

  /** True of a run {@code r} with anything unsettled in {@code :account}. */
  static final String HOLDS_UNSETTLED =
      UNDER_WAY.stream().map(Deliveries::holds).collect(Collectors.joining(" OR ", "(", ")"));

  private Deliveries() {}

  private static String holds(String state) {
    return "EXISTS (SELECT 1 FROM redrive_state s WHERE s.account_no = :account AND s.state = '"
        + state
        + "' AND s.run_no = r.run_no)";
  }

  /** True of what waits, {@code s}, and was given to run {@code :run} to be sent in this round. */
  private static final String GIVEN =
      "EXISTS (SELECT 1 FROM redrive_given g"
          + " WHERE g.run_no = :run AND g.id = s.id AND g.round = s.round AND NOT g.held)";

  /** True of what waits, {@code s}, and was to be sent in this round by a run that was approved. */
  static final String APPROVED =
      "EXISTS (SELECT 1 FROM redrive_given g JOIN redrive_run r ON r.run_no = g.run_no"
          + " WHERE g.id = s.id AND g.round = s.round AND r.approved)";

  /** What waits, and the place where it is stored. */
  record Waiting(LedgerEntry entry, long place) {}

  /**
   * What an approved run was to send and {@code run} was not given, behind another, null for the
   * first.
   */
  static List<Waiting> leftQueued(
      Handle handle, long run, int accountNo, Account account, @Nullable Waiting behind) {
    return waiting(
        handle,
        run,
        accountNo,
        account,
        behind == null ? Heads.FIRST : behind.place(),
        behind == null ? 0 : behind.entry().id(),
        PAGE,
        APPROVED
            + " AND NOT EXISTS (SELECT 1 FROM redrive_given g"
            + " WHERE g.run_no = :run AND g.id = s.id)");
  }

  /** What waits behind a place, by age, of which a condition is true. The order is the index's. */
  private static List<Waiting> waiting(
      Handle handle,
      long run,
      int accountNo,
      Account account,
      long place,
      long id,
      int most,
      String condition) {
    return handle
        .createQuery(
            """
            SELECT %s, s.place FROM
              (SELECT * FROM redrive_state s
               WHERE account_no = :account AND state = 'FOUND' AND run_no = 0
                 AND place >= :place AND NOT (place = :place AND id <= :id) AND %s
               ORDER BY account_no, state, run_no, place, id LIMIT :most) s
              JOIN redrive_delivery d ON d.id = s.id
            ORDER BY s.place, s.id
            """
                .formatted(Columns.ENTRY, condition))
        .bind("account", accountNo)
        .bind("run", run)
        .bind("place", place)
        .bind("id", id)
        .bind("most", most)
        .map((row, context) -> new Waiting(Columns.entry(row, account), row.getLong("place")))
        .list();
  }

  static List<LedgerEntry> claim(
      Handle handle,
      Dialect dialect,
      Heads heads,
      long run,
      int accountNo,
      Account account,
      Grouping grouping,
      int most,
      Instant now,
      Instant leaseUntil) {
    var queue = new Queue(handle, run, accountNo, account);
    long head = heads.of(run, accountNo);
    Picked picked = pick(queue, head, grouping, most);
    if (picked.entries().isEmpty() && head != Heads.FIRST) {
      picked = pick(queue, Heads.FIRST, grouping, most);
    }
    heads.moveTo(picked.head(), run, accountNo);
    return claim(handle, dialect, run, picked.entries(), now, leaseUntil);
  }

  private static List<LedgerEntry> claim(
      Handle handle,
      Dialect dialect,
      long run,
      List<LedgerEntry> picked,
      Instant now,
      Instant leaseUntil) {
    List<LedgerEntry> claimed = picked.stream().map(entry -> entry.claimed(now)).toList();
    if (!claimed.isEmpty()) {
      dialect
          .bindList(
              handle.createUpdate(
                  """
                  UPDATE redrive_state SET state = 'SENDING', run_no = :run, place = id,
                    sends = sends + 1, new_log_id = NULL, reason = NULL, requested_at = :now,
                    lost_at = NULL, settled_at = NULL, lease_until = :until
                  WHERE id %s
                  """
                      .formatted(dialect.isIn("ids"))),
              "ids",
              Long.class,
              ids(claimed))
          .bind("run", run)
          .bind("now", now)
          .bind("until", leaseUntil)
          .execute();
    }
    return claimed;
  }

  /** See {@link RetryLedger#claimFirst}. */
  static List<LedgerEntry> claimFirst(
      Handle handle,
      Dialect dialect,
      long run,
      int accountNo,
      Account account,
      Grouping grouping,
      int each,
      Set<String> except,
      int most,
      Instant now,
      Instant leaseUntil) {
    List<LedgerEntry> waiting =
        dialect
            .bindList(
                handle.createQuery(
                    """
                    SELECT %s FROM
                      (SELECT s.*, ROW_NUMBER() OVER (
                         PARTITION BY d.webhook_id ORDER BY s.place, s.id) AS nth
                       FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
                       WHERE s.account_no = :account AND s.state = 'FOUND' AND s.run_no = 0 AND %s
                         AND NOT COALESCE(d.webhook_id, '') %s) s
                      JOIN redrive_delivery d ON d.id = s.id
                    WHERE s.nth <= :each ORDER BY s.place, s.id LIMIT :most
                    """
                        .formatted(Columns.ENTRY, GIVEN, dialect.isIn("except"))),
                "except",
                String.class,
                except.stream().map(Texts::stored).toList())
            .bind("run", run)
            .bind("account", accountNo)
            .bind("each", each)
            .bind("most", most)
            .map((row, context) -> Columns.entry(row, account))
            .list();
    var picked = new ArrayList<LedgerEntry>();
    Set<Long> subjects = new HashSet<>(subjectsOut(handle, accountNo));
    for (LedgerEntry entry : waiting) {
      Long subject = Columns.subject(entry.delivery());
      if ((grouping == Grouping.ANY || picked.isEmpty() || isOneWebhook(entry, picked.get(0)))
          && (subject == null || subjects.add(subject))) {
        picked.add(entry);
      }
    }
    return claim(handle, dialect, run, picked, now, leaseUntil);
  }

  /** See {@link RetryLedger#holdBack}. */
  static void holdBack(Handle handle, long run, int accountNo, String webhook) {
    handle
        .createUpdate(
            """
            UPDATE redrive_given SET held = TRUE WHERE run_no = :run AND id IN (
              SELECT d.id FROM redrive_given g JOIN redrive_delivery d ON d.id = g.id
              WHERE g.run_no = :run AND d.account_no + 0 = :account
                AND COALESCE(d.webhook_id, '') = :webhook)
            """)
        .bind("run", run)
        .bind("account", accountNo)
        .bind("webhook", Columns.text(webhook))
        .execute();
  }

  /** What is to be claimed, and the place of the first that may still wait behind it. */
  private record Picked(List<LedgerEntry> entries, long head) {}

  private static Picked pick(Queue queue, long from, Grouping grouping, int most) {
    var picked = new ArrayList<LedgerEntry>();
    Set<Long> out = null;
    Long head = null;
    long place = from;
    long id = 0;
    int seen = 0;
    int page = Math.min(most, PAGE);
    while (picked.size() < most && (picked.isEmpty() || seen < FAR)) {
      List<Waiting> waiting = queue.waiting(place, id, page);
      if (out == null) {
        out = waiting.isEmpty() ? Set.of() : subjectsOut(queue.handle(), queue.accountNo());
      }
      for (Waiting next : waiting) {
        LedgerEntry entry = next.entry();
        if (picked.size() < most
            && (grouping == Grouping.ANY || picked.isEmpty() || isOneWebhook(entry, picked.get(0)))
            && !isOut(out, entry.delivery())) {
          picked.add(entry);
        } else if (head == null) {
          head = next.place();
        }
      }
      if (waiting.size() < page) {
        break;
      }
      seen += page;
      page = Math.min(2 * page, PAGE);
      Waiting last = waiting.get(waiting.size() - 1);
      place = last.place();
      id = last.entry().id();
    }
    return new Picked(picked, head == null ? place : head);
  }

  static boolean isOut(Set<Long> subjectsOut, FailedDelivery delivery) {
    return !subjectsOut.isEmpty() && subjectsOut.contains(Columns.subject(delivery));
  }

  private static boolean isOneWebhook(LedgerEntry a, LedgerEntry b) {
    return Objects.equals(a.delivery().latest().webhookId(), b.delivery().latest().webhookId());
  }

  /** What waits in an account and was given to a run. */
  private record Queue(Handle handle, long run, int accountNo, Account account) {
    List<Waiting> waiting(long place, long id, int most) {
      return Deliveries.waiting(handle, run, accountNo, account, place, id, most, GIVEN);
    }
  }

  /** Subjects of which one delivery is out, in whatever run. */
  static Set<Long> subjectsOut(Handle handle, int accountNo) {
    String ofState =
        """
        SELECT d.subject FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
        WHERE s.account_no = :account AND s.state = '%s' AND d.subject IS NOT NULL
        """;
    return handle
        .createQuery(
            ofState.formatted(DeliveryState.SENDING)
                + " UNION ALL "
                + ofState.formatted(DeliveryState.UNKNOWN))
        .bind("account", accountNo)
        .mapTo(Long.class)
        .set();
  }

  /** Subjects are looked up by their hash: what only shares the hash is no danger. */
  static Map<Long, List<String>> logsOfSiblings(
      Handle handle, Dialect dialect, int accountNo, List<LedgerEntry> entries) {
    record Log(long subject, long delivery, String id) {}
    List<Long> subjects = subjects(entries);
    if (subjects.isEmpty()) {
      return Map.of();
    }
    Set<Long> asked = Set.copyOf(ids(entries));
    Map<Long, Set<String>> logs = new HashMap<>();
    for (String own :
        List.of(
            "s.lineage FROM redrive_delivery s",
            "COALESCE(s.log_id, s.attempt_id, s.key_id) FROM redrive_delivery s",
            "l.log_id FROM redrive_delivery s JOIN redrive_log l ON l.delivery_id = s.id",
            "o.new_log_id FROM redrive_delivery s JOIN redrive_state o"
                + " ON o.id = s.id AND o.state = 'ACCEPTED' AND o.new_log_id IS NOT NULL")) {
      dialect
          .bindList(
              handle.createQuery(
                  "SELECT s.subject, s.id, %s WHERE s.subject %s AND s.account_no + 0 = :account"
                      .formatted(own, dialect.isIn("subjects"))),
              "subjects",
              Long.class,
              subjects)
          .bind("account", accountNo)
          .map(
              (row, context) ->
                  new Log(row.getLong(1), row.getLong(2), Texts.read(row.getString(3))))
          .stream()
          .filter(log -> !asked.contains(log.delivery()))
          .forEach(
              log -> logs.computeIfAbsent(log.subject(), s -> new LinkedHashSet<>()).add(log.id()));
    }
    Map<Long, List<String>> bySubject = new HashMap<>();
    logs.forEach((subject, ids) -> bySubject.put(subject, List.copyOf(ids)));
    Map<Long, List<String>> siblings = new HashMap<>();
    for (LedgerEntry entry : entries) {
      List<String> others = bySubject.get(Columns.subject(entry.delivery()));
      if (others != null) {
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

  /** A delivery as it was read, and as it is to be. */
  record Change(LedgerEntry read, LedgerEntry next) {}

  /** Writes what came of a run's deliveries, of those that are still as it read them: so many. */
  static int change(Handle handle, Dialect dialect, long run, List<Change> changes) {
    if (changes.isEmpty()) {
      return 0;
    }
    newAttempts(handle, run, changes);
    List<LedgerEntry> read = changes.stream().map(Change::read).toList();
    List<LedgerEntry> next = changes.stream().map(Change::next).toList();
    Table table =
        new Table()
            .with("id", Long.class, ids(read))
            .with("was", String.class, each(read, Columns::state))
            .with("sends", Integer.class, each(read, LedgerEntry::sends))
            .with("state", String.class, each(next, Columns::state))
            .with("place", Long.class, each(next, Columns::place))
            .with("owner", Long.class, each(next, entry -> owner(entry, run)))
            .with("log", String.class, each(next, entry -> Columns.text(entry.newLogId())))
            .with("reason", String.class, each(next, entry -> Columns.text(entry.reason())))
            .with("requested", Instant.class, each(next, LedgerEntry::requestedAt))
            .with("settled", Instant.class, each(next, LedgerEntry::settledAt));
    return dialect
        .bindTable(
            handle.createUpdate(
                """
                UPDATE redrive_state AS s SET state = u.state, place = u.place, run_no = u.owner,
                  new_log_id = u.log, reason = u.reason, requested_at = u.requested, settled_at = u.settled
                FROM %s WHERE s.id = u.id AND s.run_no = :run AND s.state = u.was
                  AND s.sends = u.sends
                """
                    .formatted(dialect.from(table))),
            table)
        .bind("run", run)
        .execute();
  }

  private static long owner(LedgerEntry entry, long run) {
    return entry.state() == DeliveryState.FOUND ? Runs.NONE : run;
  }

  /** Each of the entries' values, null or not. */
  private static <T> List<@Nullable T> each(
      List<LedgerEntry> entries, Function<LedgerEntry, @Nullable T> value) {
    var values = new ArrayList<@Nullable T>(entries.size());
    entries.forEach(entry -> values.add(value.apply(entry)));
    return values;
  }

  private static void newAttempts(Handle handle, long run, List<Change> changes) {
    PreparedBatch batch =
        handle.prepareBatch(
            "UPDATE redrive_delivery SET "
                + Columns.SET_ATTEMPT
                + """
                  WHERE id = :id AND EXISTS (SELECT 1 FROM redrive_state s
                    WHERE s.id = :id AND s.run_no = :run AND s.state = :was AND s.sends = :sends)
                """);
    for (Change change : changes) {
      LedgerEntry read = change.read();
      FailedDelivery attempt = change.next().delivery();
      if (!attempt.equals(read.delivery())) {
        batch
            .bind("id", read.id())
            .bind("run", run)
            .bind("was", Columns.state(read))
            .bind("sends", read.sends());
        Columns.bindAttempt(batch, read.key().id(), null, attempt).add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** A log that a retry made, and the delivery that was retried. */
  record RetryLog(int accountNo, String logId, LedgerEntry entry) {}

  /** Whether a retry's log is found by the delivery's state, which spares it a row of its own. */
  static boolean isInState(LedgerEntry entry, String logId) {
    return entry.state() == DeliveryState.ACCEPTED && logId.equals(entry.newLogId());
  }

  /** Keeps logs of locked accounts known for good. */
  static void keepLogs(Handle handle, Dialect dialect, List<RetryLog> logs) {
    byAccount(logs)
        .forEach((accountNo, ofAccount) -> keepLogs(handle, dialect, accountNo, ofAccount));
  }

  private static Map<Integer, List<RetryLog>> byAccount(List<RetryLog> logs) {
    return logs.stream().collect(Collectors.groupingBy(RetryLog::accountNo));
  }

  private static void keepLogs(Handle handle, Dialect dialect, int accountNo, List<RetryLog> logs) {
    Map<String, Long> added = new LinkedHashMap<>();
    Set<String> perhapsKept = new LinkedHashSet<>();
    for (RetryLog log : logs) {
      if (!log.logId().equals(log.entry().delivery().latest().logId())) {
        String name = Columns.indexed(log.logId());
        added.putIfAbsent(name, log.entry().id());
        if (!isInState(log.entry(), log.logId())) {
          perhapsKept.add(name);
        }
      }
    }
    if (!perhapsKept.isEmpty()) {
      dialect
          .bindList(
              handle.createQuery(
                  "SELECT log_id FROM redrive_log WHERE hash %s AND account_no + 0 = :account"
                      .formatted(dialect.isIn("hashes"))),
              "hashes",
              Long.class,
              hashes(perhapsKept))
          .bind("account", accountNo)
          .mapTo(String.class)
          .forEach(added::remove);
    }
    if (added.isEmpty()) {
      return;
    }
    Table table =
        new Table()
            .with("hash", Long.class, hashes(added.keySet()))
            .with("log_id", String.class, added.keySet())
            .with("delivery_id", Long.class, added.values());
    dialect
        .bindTable(
            handle.createUpdate(
                """
                INSERT INTO redrive_log (hash, log_id, account_no, delivery_id)
                SELECT u.hash, u.log_id, :account, u.delivery_id FROM %s
                """
                    .formatted(dialect.from(table))),
            table)
        .bind("account", accountNo)
        .execute();
  }

  private static List<Long> hashes(Collection<String> names) {
    return names.stream().map(Columns::hash).toList();
  }

  /** Lets a run answer for what dead ones have under way in a locked account; see the ledger. */
  static long takeUp(
      Handle handle, Dialect dialect, long heir, int accountNo, Instant now, Instant silentSince) {
    List<Long> dead =
        handle
            .createQuery(
                "SELECT r.run_no FROM redrive_run r WHERE r.run_no <> :heir AND "
                    + Runs.DEAD
                    + " AND "
                    + HOLDS_UNSETTLED)
            .bind("heir", heir)
            .bind("account", accountNo)
            .bind("silent", silentSince)
            .mapTo(Long.class)
            .list();
    long given = 0;
    for (long run : dead) {
      for (String state : UNDER_WAY) {
        given += takeUp(handle, dialect, heir, run, accountNo, state, now);
      }
    }
    return given;
  }

  private static long takeUp(
      Handle handle,
      Dialect dialect,
      long heir,
      long dead,
      int accountNo,
      String state,
      Instant now) {
    boolean isClaim = state.equals(DeliveryState.SENDING.name());
    long given = 0;
    List<Long> ids;
    do {
      ids =
          handle
              .createQuery(
                  """
                  SELECT id FROM redrive_state
                  WHERE account_no = :account AND state = :state AND run_no = :run
                    AND (state <> 'SENDING' OR lease_until IS NULL OR lease_until <= :now)
                  LIMIT :most
                  """)
              .bind("run", dead)
              .bind("account", accountNo)
              .bind("state", state)
              .bind("now", now)
              .bind("most", PAGE)
              .mapTo(Long.class)
              .list();
      if (!ids.isEmpty()) {
        dialect
            .bindList(
                handle.createUpdate(
                    """
                    UPDATE redrive_state SET run_no = :heir, place = id%s WHERE id %s
                    """
                        .formatted(
                            isClaim ? ", state = 'UNKNOWN', reason = :lost, lost_at = :now" : "",
                            dialect.isIn("ids"))),
                "ids",
                Long.class,
                ids)
            .bind("heir", heir)
            .bind("lost", LedgerEntry.LOST)
            .bind("now", now)
            .execute();
        given +=
            dialect
                .bindList(
                    handle.createUpdate(
                        """
                        INSERT INTO redrive_given (run_no, id, round)
                        SELECT :heir, id, round FROM redrive_state WHERE id %s
                        ON CONFLICT DO NOTHING
                        """
                            .formatted(dialect.isIn("ids"))),
                    "ids",
                    Long.class,
                    ids)
                .bind("heir", heir)
                .execute();
      }
    } while (ids.size() == PAGE);
    return given;
  }

  static List<LedgerEntry> unsettled(
      Handle handle, long run, int accountNo, Account account, long afterId, int most) {
    String ofState =
        """
        SELECT * FROM (SELECT * FROM redrive_state
          WHERE account_no = :account AND state = '%1$s' AND run_no = :run AND place > :after
          ORDER BY account_no, state, run_no, place LIMIT :most) of_%1$s
        """;
    return handle
        .createQuery(
            "SELECT "
                + Columns.ENTRY
                + " FROM ("
                + ofState.formatted(DeliveryState.ACCEPTED)
                + " UNION ALL "
                + ofState.formatted(DeliveryState.UNKNOWN)
                + ") s JOIN redrive_delivery d ON d.id = s.id ORDER BY s.id LIMIT :most")
        .bind("run", run)
        .bind("account", accountNo)
        .bind("after", afterId)
        .bind("most", most)
        .map((row, context) -> Columns.entry(row, account))
        .list();
  }

  /** See {@link RetryLedger#standing}. */
  static RetryLedger.Standing standing(Handle handle, long run, int accountNo) {
    record Count(DeliveryState state, boolean isOwn, long deliveries) {}
    Map<DeliveryState, Long> own = new EnumMap<>(DeliveryState.class);
    Map<DeliveryState, Long> others = new EnumMap<>(DeliveryState.class);
    handle
        .createQuery(
            """
            SELECT s.state, s.run_no, COUNT(*) AS deliveries
            FROM redrive_given g JOIN redrive_state s ON s.id = g.id
            WHERE g.run_no = :run AND s.account_no + 0 = :account GROUP BY s.state, s.run_no
            """)
        .bind("run", run)
        .bind("account", accountNo)
        .map(
            (row, context) ->
                new Count(
                    Columns.state(row.getString("state")),
                    row.getLong("run_no") == run || row.getLong("run_no") == Runs.NONE,
                    row.getLong("deliveries")))
        .forEach(
            count ->
                (count.isOwn() ? own : others).merge(count.state(), count.deliveries(), Long::sum));
    return new RetryLedger.Standing(own, others);
  }

  /** See {@link RetryLedger#remaining}. */
  static RetryLedger.Remaining remaining(Handle handle, long run, int accountNo) {
    String withOthers =
        UNDER_WAY.stream()
            .map(
                state ->
                    """
                    (SELECT COUNT(*) FROM redrive_state s WHERE s.account_no = :account
                      AND s.state = '%s' AND s.run_no <> :run AND EXISTS (SELECT 1
                        FROM redrive_given g WHERE g.run_no = :run AND g.id = s.id))
                    """
                        .formatted(state))
            .collect(Collectors.joining(" + "));
    return handle
        .createQuery(
            """
            SELECT (SELECT COUNT(*) FROM redrive_state s WHERE s.account_no = :account
                AND s.state = 'FOUND' AND s.run_no = 0 AND %s) AS waiting, %s AS with_others
            """
                .formatted(GIVEN, withOthers))
        .bind("run", run)
        .bind("account", accountNo)
        .map(
            (row, context) ->
                new RetryLedger.Remaining(row.getLong("waiting"), row.getLong("with_others")))
        .one();
  }

  static Instant oldestClaimOfOthers(Handle handle, long run, int accountNo, Instant now) {
    return handle
        .createQuery(
            """
            SELECT MIN(s.requested_at) AS oldest FROM redrive_state s
            WHERE s.account_no = :account AND s.state = 'SENDING' AND s.run_no <> :run
              AND s.lease_until > :now
            """)
        .bind("run", run)
        .bind("account", accountNo)
        .bind("now", now)
        .map(
            (row, context) ->
                Objects.requireNonNullElse(Columns.instant(row, "oldest"), Instant.MAX))
        .one();
  }

  /** What a run was given, by id from above {@code afterId} on. */
  static List<LedgerEntry> given(Handle handle, long run, long afterId) {
    return handle
        .createQuery(
            """
            SELECT %s, a.provider, a.name FROM
              (SELECT id FROM redrive_given WHERE run_no = :run AND id > :after
               ORDER BY run_no, id LIMIT :most) g
              JOIN redrive_state s ON s.id = g.id JOIN redrive_delivery d ON d.id = g.id
              JOIN redrive_account a ON a.account_no = s.account_no
            ORDER BY g.id
            """
                .formatted(Columns.ENTRY))
        .bind("after", afterId)
        .bind("most", PAGE)
        .bind("run", run)
        .map((row, context) -> Columns.entry(row, Columns.account(row)))
        .list();
  }

  private static List<Long> ids(Collection<LedgerEntry> entries) {
    return entries.stream().map(LedgerEntry::id).toList();
  }
}
