package dev.redrive.ledger.jdbc;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.ReceiverRate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Implements {@link Budgets} on a database, for all processes that share it. */
final class JdbcBudgets implements Budgets {
  private final Database database;
  private final Accounts accounts;
  private final TimeSource machine;

  /** {@code machine} is the clock for a database that has none. */
  JdbcBudgets(Database database, Accounts accounts, TimeSource machine) {
    this.database = database;
    this.accounts = accounts;
    this.machine = machine;
  }

  @Override
  public Duration take(Account account, List<RateLimit> limits) {
    int accountNo = accounts.number(account);
    return database.write(
        tx -> {
          Pause pause = lock(tx, accountNo);
          Instant now = now(tx);
          List<Line> lines = lines(tx, accountNo, limits);
          if (lines.stream().anyMatch(line -> line.lastAt().isAfter(now))) {
            setBack(tx, accountNo, now);
          }
          Duration wait = pause.left(now);
          for (Line line : lines) {
            wait = longer(wait, line.left(now));
          }
          if (wait.isZero()) {
            add(tx, accountNo, lines, now);
          }
          return wait;
        });
  }

  @Override
  public void pause(Account account, Duration wait) {
    int accountNo = accounts.number(account);
    database.write(
        tx -> {
          Pause before = lock(tx, accountNo);
          Instant now = now(tx);
          return tx.update(
                  "UPDATE redrive_pause SET paused_at = :now, paused_until = :until"
                      + " WHERE account_no = :account")
              .bind("account", accountNo)
              .bind("now", micros(now))
              .bind("until", micros(now.plus(longer(wait, before.left(now)))))
              .execute();
        });
  }

  @Override
  public Duration rest(Account account) {
    int accountNo = accounts.find(account);
    return accountNo == Part.UNKNOWN
        ? Duration.ZERO
        : database.read(
            tx ->
                tx.query(
                        "SELECT paused_at, paused_until FROM redrive_pause"
                            + " WHERE account_no = :account")
                    .bind("account", accountNo)
                    .map((row, context) -> Pause.of(row))
                    .findOne()
                    .map(pause -> pause.left(now(tx)))
                    .orElse(Duration.ZERO));
  }

  @Override
  public Turns takeTurns(Duration interval) {
    return database.write(
        tx -> {
          ReceiverRate rate = lockRate(tx);
          ReceiverRate.Taken taken = rate.take(now(tx), interval);
          bind(
                  tx.update(
                      "UPDATE redrive_rate SET taken_at = :takenAt, free_at = :freeAt,"
                          + " interval_micros = :interval, paced_at = :pacedAt WHERE rate_no = 1"),
                  taken.after())
              .execute();
          return taken.turns();
        });
  }

  /** Keeps other transactions from taking turns of the account until this one ends. */
  private static Pause lock(Tx tx, int accountNo) {
    return tx.query(
            "INSERT INTO redrive_pause (account_no) VALUES (:account) ON CONFLICT (account_no)"
                + " DO UPDATE SET account_no = EXCLUDED.account_no"
                + " RETURNING paused_at, paused_until")
        .bind("account", accountNo)
        .map((row, context) -> Pause.of(row))
        .one();
  }

  private static ReceiverRate lockRate(Tx tx) {
    return bind(
            tx.query(
                """
                INSERT INTO redrive_rate (rate_no, taken_at, free_at, interval_micros, paced_at)
                VALUES (1, :takenAt, :freeAt, :interval, :pacedAt)
                ON CONFLICT (rate_no) DO UPDATE SET rate_no = EXCLUDED.rate_no
                RETURNING taken_at, free_at, interval_micros, paced_at
                """),
            ReceiverRate.UNUSED)
        .map(
            (row, context) ->
                new ReceiverRate(
                    time(row, "taken_at"),
                    time(row, "free_at"),
                    Duration.of(row.getLong("interval_micros"), ChronoUnit.MICROS),
                    time(row, "paced_at")))
        .one();
  }

  private static <S extends SqlStatement<S>> S bind(S statement, ReceiverRate rate) {
    return statement
        .bind("takenAt", micros(rate.takenAt()))
        .bind("freeAt", micros(rate.freeAt()))
        .bind("interval", rate.interval().toNanos() / 1_000)
        .bind("pacedAt", micros(rate.pacedAt()));
  }

  /** Call this with the lock held: a time from before the wait for the lock would be too old. */
  private Instant now(Tx tx) {
    return database.dialect().time(tx.handle(), machine);
  }

  /** Reads how much of each limit was used. */
  private static List<Line> lines(Tx tx, int accountNo, List<RateLimit> limits) {
    return limits.stream().map(limit -> line(tx, accountNo, limit)).toList();
  }

  private static Line line(Tx tx, int accountNo, RateLimit limit) {
    return tx.query(
            """
            SELECT l.turn_no AS last_no, l.taken_at AS last_at, (SELECT n.taken_at
              FROM redrive_turn n WHERE n.account_no = l.account_no AND n.scope = l.scope
                AND n.turn_no = l.turn_no - :requests + 1) AS nth_at
            FROM redrive_turn l WHERE l.account_no = :account AND l.scope = :scope
            ORDER BY l.turn_no DESC LIMIT 1
            """)
        .bind("account", accountNo)
        .bind("scope", limit.scope().name())
        .bind("requests", limit.requests())
        .map((row, context) -> Line.of(limit, row))
        .findOne()
        .orElse(new Line(limit.scope(), limit.window(), 0, Instant.MIN, null));
  }

  /** After the clock was set back, moves turns from the future to now, so that they expire. */
  private static void setBack(Tx tx, int accountNo, Instant now) {
    tx.update(
            "UPDATE redrive_turn SET taken_at = :now"
                + " WHERE account_no = :account AND taken_at > :now")
        .bind("account", accountNo)
        .bind("now", micros(now))
        .execute();
  }

  /** Adds a turn to each scope. Reuses the row of the oldest turn if it is outside all windows. */
  private static void add(Tx tx, int accountNo, List<Line> lines, Instant now) {
    Map<Scope, Line> longest = new EnumMap<>(Scope.class);
    lines.forEach(line -> longest.merge(line.scope(), line, Line::longer));
    List<Line> added = List.copyOf(longest.values());
    PreparedBatch moves =
        tx.handle()
            .prepareBatch(
                """
            UPDATE redrive_turn SET turn_no = :no, taken_at = :now
            WHERE account_no = :account AND scope = :scope AND taken_at <= :since
              AND turn_no = (SELECT MIN(turn_no) FROM redrive_turn
                WHERE account_no = :account AND scope = :scope)
            """);
    added.forEach(
        line ->
            bind(moves, accountNo, line, now)
                .bind("since", micros(now.minus(line.window())))
                .add());
    int[] moved = moves.execute();
    PreparedBatch inserts =
        tx.handle()
            .prepareBatch(
                "INSERT INTO redrive_turn (account_no, scope, turn_no, taken_at)"
                    + " VALUES (:account, :scope, :no, :now)");
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] == 0) {
        bind(inserts, accountNo, added.get(i), now).add();
      }
    }
    if (inserts.size() > 0) {
      int[] unused = inserts.execute();
    }
  }

  private static PreparedBatch bind(PreparedBatch batch, int accountNo, Line line, Instant now) {
    return batch
        .bind("account", accountNo)
        .bind("scope", line.scope().name())
        .bind("no", line.lastNo() + 1)
        .bind("now", micros(now));
  }

  private static long micros(Instant instant) {
    return Objects.requireNonNull(Columns.micros(instant));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    Instant time = Columns.instant(row, column);
    if (time == null) {
      throw new SQLException("no " + column);
    }
    return time;
  }

  private static Duration left(Instant until, Instant now) {
    return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /**
   * How much of a limit was used.
   *
   * @param lastNo the number of its scope's latest turn; 0 if there is none
   * @param lastAt when that was taken
   * @param nthAt when the oldest of the latest N turns was taken, where N is how many the limit
   *     allows
   */
  private record Line(
      Scope scope, Duration window, long lastNo, Instant lastAt, @Nullable Instant nthAt) {
    static Line of(RateLimit limit, ResultSet row) throws SQLException {
      return new Line(
          limit.scope(),
          limit.window(),
          row.getLong("last_no"),
          time(row, "last_at"),
          Columns.instant(row, "nth_at"));
    }

    Duration left(Instant now) {
      if (nthAt == null) {
        return Duration.ZERO;
      }
      return JdbcBudgets.left((nthAt.isAfter(now) ? now : nthAt).plus(window), now);
    }

    static Line longer(Line a, Line b) {
      return a.window.compareTo(b.window) > 0 ? a : b;
    }
  }

  /** A pause that a provider asked for. It is ignored after the clock was set back. */
  private record Pause(@Nullable Instant at, @Nullable Instant until) {
    static Pause of(ResultSet row) throws SQLException {
      return new Pause(Columns.instant(row, "paused_at"), Columns.instant(row, "paused_until"));
    }

    Duration left(Instant now) {
      return at == null || until == null || at.isAfter(now)
          ? Duration.ZERO
          : JdbcBudgets.left(until, now);
    }
  }
}
