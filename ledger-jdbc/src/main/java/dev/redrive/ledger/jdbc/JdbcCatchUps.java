package dev.redrive.ledger.jdbc;

import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.CatchUps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Implements {@link CatchUps} on a database, for all processes that share it. */
final class JdbcCatchUps implements CatchUps {
  private final Database database;
  private final Accounts accounts;
  private final TimeSource machine;

  /** {@code machine} is the clock for a database that has none. */
  JdbcCatchUps(Database database, Accounts accounts, TimeSource machine) {
    this.database = database;
    this.accounts = accounts;
    this.machine = machine;
  }

  /** A stored window, and the run that has the turn. */
  private record Stored(
      Instant from, Instant completeUntil, @Nullable String run, @Nullable Instant takenAt) {
    static Stored of(ResultSet row) throws SQLException {
      return new Stored(
          Objects.requireNonNull(Columns.instant(row, "from_at")),
          Objects.requireNonNull(Columns.instant(row, "complete_until")),
          Columns.readOrNull(row.getString("run")),
          Columns.instant(row, "taken_at"));
    }
  }

  @Override
  public Optional<Turn> begin(
      Account account, String name, String run, @Nullable Instant from, Duration silence) {
    int number = accounts.number(account);
    return database.write(
        tx -> {
          Stored stored = lock(tx, number, name, from);
          Instant now = now(tx);
          if (stored.run() != null) {
            if (isAlive(tx, stored, now, silence)) {
              return Optional.empty();
            }
            stop(tx, stored.run());
          }
          take(tx, number, name, run, now);
          return Optional.of(
              new Turn(
                  account,
                  name,
                  run,
                  now,
                  stored.from(),
                  stored.completeUntil(),
                  oldestDue(tx, number, now)));
        });
  }

  /** Returns the window, new if there was none, and keeps other processes from its turn. */
  private Stored lock(Tx tx, int account, String name, @Nullable Instant from) {
    return tx.query(
            """
            INSERT INTO redrive_window (account_no, name, from_at, complete_until)
            VALUES (:account, :name, :from, :from)
            ON CONFLICT (account_no, name) DO UPDATE SET account_no = EXCLUDED.account_no
            RETURNING from_at, complete_until, run, taken_at
            """)
        .bind("account", account)
        .bind("name", Columns.indexed(name))
        .bind("from", Columns.micros(from == null ? now(tx) : from))
        .map((row, context) -> Stored.of(row))
        .one();
  }

  /** Whether the run that has the turn goes on. It may not have begun yet. */
  private static boolean isAlive(Tx tx, Stored stored, Instant now, Duration silence) {
    record Seen(boolean hasEnded, Duration silence) {}
    Seen seen =
        tx.query(
                "SELECT ended_at, "
                    + tx.dialect().now()
                    + " - seen_at AS silence FROM redrive_run WHERE id = :run")
            .bind("run", Columns.text(stored.run()))
            .map(
                (row, context) ->
                    new Seen(
                        row.getObject("ended_at") != null,
                        Duration.of(row.getLong("silence"), ChronoUnit.MICROS)))
            .findOne()
            .orElseGet(
                () ->
                    new Seen(
                        false, Duration.between(Objects.requireNonNull(stored.takenAt()), now)));
    return !seen.hasEnded() && seen.silence().compareTo(silence) < 0;
  }

  private static void stop(Tx tx, String run) {
    tx.update("UPDATE redrive_run SET stop_asked = TRUE WHERE id = :run AND ended_at IS NULL")
        .bind("run", Columns.text(run))
        .execute();
  }

  private static void take(Tx tx, int account, String name, String run, Instant now) {
    tx.update(
            "UPDATE redrive_window SET run = :run, taken_at = :now"
                + " WHERE account_no = :account AND name = :name")
        .bind("account", account)
        .bind("name", Columns.indexed(name))
        .bind("run", Columns.text(run))
        .bind("now", Columns.micros(now))
        .execute();
  }

  private static @Nullable Instant oldestDue(Tx tx, int account, Instant now) {
    return tx.query(
            """
            SELECT MIN(CASE WHEN d.first_at < d.created_at THEN d.first_at ELSE d.created_at END)
              AS oldest FROM redrive_state s
              JOIN redrive_delivery d ON d.id = s.id
            WHERE s.account_no = :account AND s.again_at <= :now
            """)
        .bind("account", account)
        .bind("now", Columns.micros(now))
        .map((row, context) -> Optional.ofNullable(Columns.instant(row, "oldest")))
        .one()
        .orElse(null);
  }

  @Override
  public boolean end(Turn turn, @Nullable Instant completeUntil) {
    int number = accounts.number(turn.account());
    return database.write(
        tx ->
            tx.update(
                        """
                        UPDATE redrive_window SET run = NULL,
                          complete_until = COALESCE(:until, complete_until)
                        WHERE account_no = :account AND name = :name AND run = :run
                        """)
                    .bind("account", number)
                    .bind("name", Columns.indexed(turn.name()))
                    .bind("run", Columns.text(turn.run()))
                    .bindByType("until", Columns.micros(completeUntil), Long.class)
                    .execute()
                > 0);
  }

  @Override
  public List<Window> windows() {
    return database.read(
        tx -> {
          Instant now = now(tx);
          return tx.query(
                  """
                  SELECT a.provider, a.name, a.unique_ids, w.name AS filters, w.complete_until, w.run
                  FROM redrive_window w JOIN redrive_account a ON a.account_no = w.account_no
                  ORDER BY a.provider, a.name, w.name
                  """)
              .map((row, context) -> window(row, now))
              .list();
        });
  }

  private static Window window(ResultSet row, Instant now) throws SQLException {
    Instant until = Objects.requireNonNull(Columns.instant(row, "complete_until"));
    return new Window(
        Accounts.account(row),
        Columns.read(row.getString("filters")),
        until,
        Duration.between(until, now),
        Columns.readOrNull(row.getString("run")));
  }

  @Override
  public void broken(Account account, String webhook) {
    int number = accounts.number(account);
    database.write(
        tx -> {
          int failures =
              tx.query(
                      """
                      INSERT INTO redrive_rest (account_no, webhook_key, webhook_id, failures, rest_until)
                      VALUES (:account, :key, :webhook, 1, 0)
                      ON CONFLICT (account_no, webhook_key)
                        DO UPDATE SET failures = redrive_rest.failures + 1
                      RETURNING failures
                      """)
                  .bind("account", number)
                  .bind("key", Columns.indexed(webhook))
                  .bind("webhook", Columns.text(webhook))
                  .mapTo(Integer.class)
                  .one();
          return tx.update(
                  "UPDATE redrive_rest SET rest_until = :until"
                      + " WHERE account_no = :account AND webhook_key = :key")
              .bind("account", number)
              .bind("key", Columns.indexed(webhook))
              .bind("until", Columns.micros(now(tx).plus(CatchUps.rest(failures))))
              .execute();
        });
  }

  /** Changes the row, as those who recover need not have the right to delete. */
  @Override
  public void works(Account account, String webhook) {
    int number = accounts.number(account);
    database.write(
        tx ->
            tx.update(
                    "UPDATE redrive_rest SET failures = 0, rest_until = 0"
                        + " WHERE account_no = :account AND webhook_key = :key")
                .bind("account", number)
                .bind("key", Columns.indexed(webhook))
                .execute());
  }

  @Override
  public Map<String, Duration> resting(Account account) {
    int number = accounts.number(account);
    return database.read(
        tx -> {
          Instant now = now(tx);
          Map<String, Duration> resting = new HashMap<>();
          tx.query(
                  "SELECT webhook_id, rest_until FROM redrive_rest"
                      + " WHERE account_no = :account AND rest_until > :now")
              .bind("account", number)
              .bind("now", Columns.micros(now))
              .map(
                  (row, context) ->
                      Map.entry(
                          Columns.read(row.getString("webhook_id")),
                          Duration.between(
                              now, Objects.requireNonNull(Columns.instant(row, "rest_until")))))
              .forEach(entry -> resting.put(entry.getKey(), entry.getValue()));
          return resting;
        });
  }

  private Instant now(Tx tx) {
    return database.dialect().time(tx.handle(), machine);
  }
}
