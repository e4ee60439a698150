package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The runs of a ledger. */
final class Runs {
  /** The number that means "no run". */
  static final long NONE = 0;

  /** The number that means "a person", for deliveries that no run had sent. */
  static final long BY_HAND = -1;

  /** Identifies this process, for people who look into the tables. */
  private static final String PROCESS = UUID.randomUUID().toString();

  private final Map<String, Long> numbers = new ConcurrentHashMap<>();

  /** Returns a run's number, and looks it up if it is not known yet. */
  long number(Database database, String run) {
    Long known = numbers.get(run);
    return known == null ? database.read(tx -> number(tx, run)) : known;
  }

  /** Returns a run's number, within a transaction. */
  long number(Tx tx, String run) {
    Long known = numbers.get(run);
    if (known != null) {
      return known;
    }
    long number =
        tx.query("SELECT run_no FROM redrive_run WHERE id = :id")
            .bind("id", Columns.text(run))
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(
                () -> new IllegalArgumentException("Run " + run + " is not in this ledger"));
    numbers.put(run, number);
    return number;
  }

  /** Begins a run; the numbers are those of its accounts, in order. */
  static boolean begin(Tx tx, LedgerRun run, List<Integer> accounts) {
    int added =
        tx.update(
                """
                INSERT INTO redrive_run (id, process, started_at, seen_at, approved, stop_asked)
                SELECT :id, :process, :startedAt, %s, FALSE, FALSE
                WHERE NOT EXISTS (SELECT 1 FROM redrive_run WHERE id = :id)
                """
                    .formatted(tx.dialect().now()))
            .bind("id", Columns.text(run.id()))
            .bind("process", PROCESS)
            .bind("startedAt", Columns.micros(run.startedAt()))
            .execute();
    if (added == 0) {
      return false;
    }
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
            INSERT INTO redrive_run_account (run_no, ordinal, account_no)
            SELECT run_no, :ordinal, :account FROM redrive_run WHERE id = :id
            """);
    for (int i = 0; i < accounts.size(); i++) {
      batch
          .bind("id", Columns.text(run.id()))
          .bind("ordinal", i)
          .bind("account", accounts.get(i))
          .add();
    }
    if (!accounts.isEmpty()) {
      batch.execute();
    }
    return true;
  }

  /** See {@link RetryLedger#alive}. A run that was forgotten must not go on. */
  boolean alive(Tx tx, String run) {
    tx.update("UPDATE redrive_run SET seen_at = " + tx.dialect().now() + " WHERE run_no = :run")
        .bind("run", number(tx, run))
        .execute();
    return !isStopped(tx, run);
  }

  /** Whether a run was asked to stop. */
  boolean isStopped(Tx tx, String run) {
    return tx.query("SELECT stop_asked FROM redrive_run WHERE run_no = :run")
        .bind("run", number(tx, run))
        .mapTo(Boolean.class)
        .findOne()
        .orElseThrow(
            () -> new IllegalArgumentException("Run " + run + " is no longer in this ledger"));
  }

  /** See {@link LedgerAdmin#stop}. */
  boolean stop(Tx tx, String run) {
    return tx.update(
                "UPDATE redrive_run SET stop_asked = TRUE"
                    + " WHERE run_no = :run AND ended_at IS NULL")
            .bind("run", number(tx, run))
            .execute()
        > 0;
  }

  void approve(Tx tx, String run) {
    tx.update("UPDATE redrive_run SET approved = TRUE WHERE run_no = :run")
        .bind("run", number(tx, run))
        .execute();
    tx.update(
            """
            UPDATE redrive_state SET approved = TRUE WHERE NOT approved
              AND (id, round) IN (SELECT id, round FROM redrive_given WHERE run_no = :run)
            """)
        .bind("run", number(tx, run))
        .execute();
  }

  void finish(Tx tx, String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    String skipped =
        counts.skipped().entrySet().stream()
            .map(entry -> entry.getKey().name() + "=" + entry.getValue())
            .sorted()
            .collect(Collectors.joining(","));
    tx.update(
            """
            UPDATE redrive_run SET ended_at = :endedAt, end_state = :end, found = :found, skipped = :skipped,
              delivered = :delivered, failed_again = :failedAgain, pending = :pending,
              rejected = :rejected, outcome_unknown = :unknown, not_sent = :notSent
            WHERE run_no = :run
            """)
        .bind("run", number(tx, run))
        .bind("endedAt", Columns.micros(endedAt))
        .bind("end", end.name())
        .bind("found", counts.found())
        .bind("skipped", skipped)
        .bind("delivered", counts.delivered())
        .bind("failedAgain", counts.failedAgain())
        .bind("pending", counts.pending())
        .bind("rejected", counts.rejected())
        .bind("unknown", counts.unknown())
        .bind("notSent", counts.notSent())
        .execute();
  }

  static List<LedgerRun> latest(Tx tx, int most) {
    return newestFirst(tx, select(tx, "ORDER BY r.run_no DESC LIMIT :most").bind("most", most));
  }

  /** Returns the runs that a delivery was given to, newest first. */
  static List<LedgerRun> givenTo(Tx tx, long delivery) {
    return newestFirst(
        tx,
        select(
                tx,
                "JOIN redrive_given g ON g.run_no = r.run_no AND g.id = :delivery"
                    + " ORDER BY r.run_no DESC")
            .bind("delivery", delivery));
  }

  private static Query select(Tx tx, String which) {
    return tx.query(
        "SELECT r.*, "
            + tx.dialect().now()
            + " - r.seen_at AS silence FROM redrive_run r "
            + which);
  }

  @SuppressWarnings("NullAway") // It misses that LedgerRun.end may be null: its type is nested.
  private static List<LedgerRun> newestFirst(Tx tx, Query query) {
    Map<Long, LedgerRun> runs = new LinkedHashMap<>();
    query.map((row, context) -> runs.put(row.getLong("run_no"), run(row))).forEach(run -> {});
    Map<Long, List<Account>> accounts = accounts(tx, runs.keySet());
    var complete = new ArrayList<LedgerRun>();
    runs.forEach(
        (number, run) ->
            complete.add(
                new LedgerRun(
                    run.id(),
                    accounts.getOrDefault(number, List.of()),
                    run.startedAt(),
                    run.endedAt(),
                    run.end(),
                    run.counts(),
                    run.silence())));
    return complete;
  }

  private static Map<Long, List<Account>> accounts(Tx tx, Collection<Long> runs) {
    record Worked(long run, Account account) {}
    return tx.query(
            """
            SELECT w.run_no, a.provider, a.name, a.unique_ids
            FROM redrive_run_account w JOIN redrive_account a ON a.account_no = w.account_no
            WHERE w.run_no %s ORDER BY w.run_no, w.ordinal
            """,
            Long.class, runs)
        .map((row, context) -> new Worked(row.getLong("run_no"), Accounts.account(row)))
        .collect(
            Collectors.groupingBy(
                Worked::run, Collectors.mapping(Worked::account, Collectors.toList())));
  }

  @SuppressWarnings("NullAway") // As above.
  private static LedgerRun run(ResultSet row) throws SQLException {
    String end = row.getString("end_state");
    Instant endedAt = Columns.instant(row, "ended_at");
    return new LedgerRun(
        Columns.read(row.getString("id")),
        List.of(),
        Objects.requireNonNull(Columns.instant(row, "started_at")),
        endedAt,
        end == null ? null : RecoveryReport.End.valueOf(end),
        counts(row),
        endedAt == null ? Duration.of(row.getLong("silence"), ChronoUnit.MICROS) : null);
  }

  private static @Nullable DeliveryCounts counts(ResultSet row) throws SQLException {
    String skipped = row.getString("skipped");
    if (skipped == null) {
      return null;
    }
    Map<SkipReason, Long> reasons = new EnumMap<>(SkipReason.class);
    for (String reason : skipped.isEmpty() ? new String[0] : skipped.split(",", -1)) {
      int equals = reason.indexOf('=');
      reasons.put(
          SkipReason.valueOf(reason.substring(0, equals)),
          Long.valueOf(reason.substring(equals + 1)));
    }
    return new DeliveryCounts(
        row.getLong("found"),
        reasons,
        row.getLong("delivered"),
        row.getLong("failed_again"),
        row.getLong("pending"),
        row.getLong("rejected"),
        row.getLong("outcome_unknown"),
        row.getLong("not_sent"));
  }
}
