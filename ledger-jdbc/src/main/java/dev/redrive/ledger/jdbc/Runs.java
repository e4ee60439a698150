package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.LedgerRun;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger.Holder;
import dev.redrive.recovery.SkipReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The runs of a ledger. */
final class Runs {
  /** The number of no run. */
  static final long NONE = 0;

  /**
   * True of a run {@code r} that has ended, or was last seen alive at {@code :silent} or before.
   */
  static final String DEAD = "(r.ended_at IS NOT NULL OR r.seen_at <= :silent)";

  /** Tells processes apart, for people who look into the tables. */
  private static final String PROCESS = UUID.randomUUID().toString();

  private final Map<String, Long> numbers = new ConcurrentHashMap<>();

  /** A run's number. */
  long number(Handle handle, String run) {
    Long known = numbers.get(run);
    if (known != null) {
      return known;
    }
    long number =
        handle
            .createQuery("SELECT run_no FROM redrive_run WHERE id = :id")
            .bind("id", Columns.text(run))
            .mapTo(Long.class)
            .findOne()
            .orElseThrow(() -> new IllegalArgumentException("Run " + run + " never began"));
    numbers.put(run, number);
    return number;
  }

  /** Begins a run; the numbers are those of its accounts, in order. */
  static boolean begin(Handle handle, LedgerRun run, List<Integer> accounts) {
    int added =
        handle
            .createUpdate(
                """
                INSERT INTO redrive_run (id, process, started_at, seen_at)
                SELECT :id, :process, :startedAt, :startedAt
                WHERE NOT EXISTS (SELECT 1 FROM redrive_run WHERE id = :id)
                """)
            .bind("id", Columns.text(run.id()))
            .bind("process", PROCESS)
            .bind("startedAt", run.startedAt())
            .execute();
    if (added == 0) {
      return false;
    }
    PreparedBatch batch =
        handle.prepareBatch(
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

  void alive(Handle handle, String run, Instant now) {
    handle
        .createUpdate("UPDATE redrive_run SET seen_at = :now WHERE run_no = :run")
        .bind("run", number(handle, run))
        .bind("now", now)
        .execute();
  }

  void approve(Handle handle, String run) {
    handle
        .createUpdate("UPDATE redrive_run SET approved = TRUE WHERE run_no = :run")
        .bind("run", number(handle, run))
        .execute();
  }

  /** Runs with anything under way in an account. */
  static List<Holder> holders(Handle handle, int accountNo) {
    return handle
        .createQuery(
            "SELECT r.id, r.seen_at FROM redrive_run r WHERE "
                + Deliveries.HOLDS_UNSETTLED
                + " ORDER BY r.run_no")
        .bind("account", accountNo)
        .map(
            (row, context) ->
                new Holder(
                    Objects.requireNonNull(Columns.text(row, "id")),
                    Objects.requireNonNull(Columns.instant(row, "seen_at"))))
        .list();
  }

  void finish(
      Handle handle, String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    String skipped =
        counts.skipped().entrySet().stream()
            .map(entry -> entry.getKey().name() + "=" + entry.getValue())
            .sorted()
            .collect(Collectors.joining(","));
    handle
        .createUpdate(
            """
            UPDATE redrive_run SET ended_at = :endedAt, end_state = :end, found = :found, skipped = :skipped,
              delivered = :delivered, failed_again = :failedAgain, pending = :pending,
              rejected = :rejected, outcome_unknown = :unknown, not_sent = :notSent
            WHERE run_no = :run
            """)
        .bind("run", number(handle, run))
        .bind("endedAt", endedAt)
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

  @SuppressWarnings("NullAway") // It misses that LedgerRun.end may be null: its type is nested.
  static List<LedgerRun> latest(Handle handle, Dialect dialect, int most) {
    Map<Long, LedgerRun> runs = new LinkedHashMap<>();
    handle
        .createQuery("SELECT * FROM redrive_run ORDER BY run_no DESC LIMIT :most")
        .bind("most", most)
        .map((row, context) -> runs.put(row.getLong("run_no"), run(row)))
        .forEach(run -> {});
    Map<Long, List<Account>> accounts = accounts(handle, dialect, runs.keySet());
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
                    run.counts())));
    return complete;
  }

  private static Map<Long, List<Account>> accounts(
      Handle handle, Dialect dialect, Collection<Long> runs) {
    record Worked(long run, Account account) {}
    return dialect
        .bindList(
            handle.createQuery(
                """
                SELECT w.run_no, a.provider, a.name
                FROM redrive_run_account w JOIN redrive_account a ON a.account_no = w.account_no
                WHERE w.run_no %s ORDER BY w.run_no, w.ordinal
                """
                    .formatted(dialect.isIn("runs"))),
            "runs",
            Long.class,
            runs)
        .map((row, context) -> new Worked(row.getLong("run_no"), Columns.account(row)))
        .collect(
            Collectors.groupingBy(
                Worked::run, Collectors.mapping(Worked::account, Collectors.toList())));
  }

  @SuppressWarnings("NullAway") // As above.
  private static LedgerRun run(ResultSet row) throws SQLException {
    String end = row.getString("end_state");
    return new LedgerRun(
        Objects.requireNonNull(Columns.text(row, "id")),
        List.of(),
        Objects.requireNonNull(Columns.instant(row, "started_at")),
        Columns.instant(row, "ended_at"),
        end == null ? null : RecoveryReport.End.valueOf(end),
        counts(row));
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
