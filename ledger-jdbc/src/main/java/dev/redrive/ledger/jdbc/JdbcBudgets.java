package dev.redrive.ledger.jdbc;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Budgets;
import dev.redrive.recovery.ReceiverRate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The budgets of all processes that share a database, by its clock. */
final class JdbcBudgets implements Budgets {
  private final Database database;
  private final Accounts accounts;
  private final TimeSource machine;

  /** {@code machine} tells the time for a database that has no clock of its own. */
  JdbcBudgets(Database database, Accounts accounts, TimeSource machine) {
    this.database = database;
    this.accounts = accounts;
    this.machine = machine;
  }

  @Override
  public Duration take(Account account, List<RateLimit> limits) {
    int accountNo = accounts.number(account);
    return database.write(
        handle -> {
          Pause pause = lock(handle, accountNo);
          Instant now = now(handle);
          Map<Scope, Duration> windows = windows(limits);
          Map<Scope, Long> last = new EnumMap<>(Scope.class);
          windows.keySet().forEach(scope -> last.put(scope, last(handle, accountNo, scope, now)));
          Duration wait = pause.left(now);
          for (RateLimit limit : limits) {
            long nth = last.getOrDefault(limit.scope(), 0L) - limit.requests() + 1;
            wait = longer(wait, untilFree(handle, accountNo, limit, nth, now));
          }
          if (wait.isZero()) {
            windows.forEach(
                (scope, window) ->
                    add(
                        handle,
                        accountNo,
                        scope,
                        last.getOrDefault(scope, 0L) + 1,
                        now,
                        now.minus(window)));
          }
          return wait;
        });
  }

  @Override
  public void pause(Account account, Duration wait) {
    int accountNo = accounts.number(account);
    database.write(
        handle -> {
          Pause before = lock(handle, accountNo);
          Instant now = now(handle);
          return handle
              .createUpdate(
                  "UPDATE redrive_pause SET paused_at = :now, paused_until = :until"
                      + " WHERE account_no = :account")
              .bind("account", accountNo)
              .bind("now", now)
              .bind("until", now.plus(longer(wait, before.left(now))))
              .execute();
        });
  }

  @Override
  public Duration rest(Account account) {
    Integer accountNo = accounts.find(account);
    return accountNo == null
        ? Duration.ZERO
        : database.read(
            handle ->
                handle
                    .createQuery(
                        "SELECT paused_at, paused_until FROM redrive_pause"
                            + " WHERE account_no = :account")
                    .bind("account", accountNo)
                    .map((row, context) -> Pause.of(row))
                    .findOne()
                    .map(pause -> pause.left(now(handle)))
                    .orElse(Duration.ZERO));
  }

  @Override
  public Turns takeTurns(Duration interval) {
    return database.write(
        handle -> {
          ReceiverRate rate = lockRate(handle);
          ReceiverRate.Taken taken = rate.take(now(handle), interval);
          bind(
                  handle.createUpdate(
                      "UPDATE redrive_rate SET taken_at = :takenAt, free_at = :freeAt,"
                          + " interval_micros = :interval, paced_at = :pacedAt WHERE rate_no = 1"),
                  taken.after())
              .execute();
          return taken.turns();
        });
  }

  /** No other transaction takes turns of the account until this one ends. */
  private static Pause lock(Handle handle, int accountNo) {
    return handle
        .createQuery(
            "INSERT INTO redrive_pause (account_no) VALUES (:account) ON CONFLICT (account_no)"
                + " DO UPDATE SET account_no = EXCLUDED.account_no"
                + " RETURNING paused_at, paused_until")
        .bind("account", accountNo)
        .map((row, context) -> Pause.of(row))
        .one();
  }

  private static ReceiverRate lockRate(Handle handle) {
    return bind(
            handle.createQuery(
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
        .bind("takenAt", rate.takenAt())
        .bind("freeAt", rate.freeAt())
        .bind("interval", rate.interval().toNanos() / 1_000)
        .bind("pacedAt", rate.pacedAt());
  }

  /** Behind the lock: whoever waits for it must not go by the time before. */
  private Instant now(Handle handle) {
    return database.dialect().now(handle, machine);
  }

  /** The longest window of each scope's limits. */
  private static Map<Scope, Duration> windows(List<RateLimit> limits) {
    Map<Scope, Duration> windows = new EnumMap<>(Scope.class);
    limits.forEach(limit -> windows.merge(limit.scope(), limit.window(), JdbcBudgets::longer));
    return windows;
  }

  /** The number of a scope's latest turn; 0 if there is none. */
  private static long last(Handle handle, int accountNo, Scope scope, Instant now) {
    Turn last =
        of(
                handle.createQuery(
                    "SELECT turn_no, taken_at FROM redrive_turn"
                        + " WHERE account_no = :account AND scope = :scope"
                        + " ORDER BY turn_no DESC LIMIT 1"),
                accountNo,
                scope)
            .map((row, context) -> new Turn(row.getLong("turn_no"), time(row, "taken_at")))
            .findOne()
            .orElse(Turn.NONE);
    if (last.takenAt().isAfter(now)) {
      setBack(handle, accountNo, scope, now);
    }
    return last.no();
  }

  /** After the clock was set back: turns must not count for longer than they would from now on. */
  private static void setBack(Handle handle, int accountNo, Scope scope, Instant now) {
    of(
            handle.createUpdate(
                "UPDATE redrive_turn SET taken_at = :now"
                    + " WHERE account_no = :account AND scope = :scope AND taken_at > :now"),
            accountNo,
            scope)
        .bind("now", now)
        .execute();
  }

  /** How long a limit keeps back the next request, whose n-th last one before has a number. */
  private static Duration untilFree(
      Handle handle, int accountNo, RateLimit limit, long nth, Instant now) {
    return of(
            handle.createQuery(
                "SELECT taken_at FROM redrive_turn"
                    + " WHERE account_no = :account AND scope = :scope AND turn_no = :no"),
            accountNo,
            limit.scope())
        .bind("no", nth)
        .map((row, context) -> left(time(row, "taken_at").plus(limit.window()), now))
        .findOne()
        .orElse(Duration.ZERO);
  }

  /** Adds a turn, in the place of the first one if no window reaches that any more. */
  private static void add(
      Handle handle, int accountNo, Scope scope, long no, Instant now, Instant since) {
    int moved =
        of(
                handle.createUpdate(
                    """
                    UPDATE redrive_turn SET turn_no = :no, taken_at = :now
                    WHERE account_no = :account AND scope = :scope AND taken_at <= :since
                      AND turn_no = (SELECT MIN(turn_no) FROM redrive_turn
                        WHERE account_no = :account AND scope = :scope)
                    """),
                accountNo,
                scope)
            .bind("no", no)
            .bind("now", now)
            .bind("since", since)
            .execute();
    if (moved == 0) {
      of(
              handle.createUpdate(
                  "INSERT INTO redrive_turn (account_no, scope, turn_no, taken_at)"
                      + " VALUES (:account, :scope, :no, :now)"),
              accountNo,
              scope)
          .bind("no", no)
          .bind("now", now)
          .execute();
    }
  }

  private static <S extends SqlStatement<S>> S of(S statement, int accountNo, Scope scope) {
    return statement.bind("account", accountNo).bind("scope", scope.name());
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

  private record Turn(long no, Instant takenAt) {
    static final Turn NONE = new Turn(0, Instant.MIN);
  }

  /** What a provider asked for; after the clock was set back it is as good as never asked. */
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
