package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Reads the states of a run's deliveries. */
final class Reading {
  /** The most rows that are passed on at once, so that memory stays bounded. */
  private static final int PAGE = 2_000;

  /** Written to use the index, even if the planner's statistics are outdated. */
  static final String UNSETTLED =
      "SELECT "
          + Columns.ENTRY
          + """
           FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
          WHERE s.open_run = :run AND s.state <> 'SENDING' AND s.id > :after
            AND (SELECT g.account_no FROM redrive_given g
              WHERE g.run_no = :run AND g.id = s.id) = :account
          ORDER BY s.id LIMIT :most
          """;

  private Reading() {}

  /** See {@link RetryLedger#unsettled}. */
  static List<LedgerEntry> unsettled(Tx tx, Part part, long afterId, int most) {
    return part.bind(tx.query(UNSETTLED))
        .bind("after", afterId)
        .bind("most", most)
        .map((row, context) -> Columns.entry(row, part.account()))
        .list();
  }

  /** See {@link RetryLedger#standing}. */
  static RetryLedger.Standing standing(Tx tx, Part part) {
    record Count(DeliveryState state, boolean isOwn, long deliveries) {}
    Map<DeliveryState, Long> own = new EnumMap<>(DeliveryState.class);
    Map<DeliveryState, Long> others = new EnumMap<>(DeliveryState.class);
    part.bind(
            tx.query(
                """
                SELECT s.state, s.run_no, COUNT(*) AS deliveries
                FROM redrive_given g JOIN redrive_state s ON s.id = g.id
                WHERE g.run_no = :run AND g.account_no = :account GROUP BY s.state, s.run_no
                """))
        .map(
            (row, context) ->
                new Count(
                    Columns.state(row.getString("state")),
                    row.getLong("run_no") == part.run() || row.getLong("run_no") == Runs.NONE,
                    row.getLong("deliveries")))
        .forEach(
            count ->
                (count.isOwn() ? own : others).merge(count.state(), count.deliveries(), Long::sum));
    return new RetryLedger.Standing(own, others);
  }

  /** See {@link RetryLedger#entries}. */
  static void given(Database database, ToLongFunction<Tx> run, Consumer<LedgerEntry> reader) {
    List<LedgerEntry> page;
    long last = 0;
    do {
      long after = last;
      page = database.read(tx -> given(tx, run.applyAsLong(tx), after));
      page.forEach(reader);
      last = page.isEmpty() ? last : page.get(page.size() - 1).id();
    } while (!page.isEmpty());
  }

  private static List<LedgerEntry> given(Tx tx, long run, long afterId) {
    return tx.query(
            "SELECT "
                + Columns.ENTRY
                + """
                , a.provider, a.name, a.unique_ids FROM
                  (SELECT * FROM redrive_given WHERE run_no = :run AND id > :after
                   ORDER BY run_no, id LIMIT :most) g
                  JOIN redrive_state s ON s.id = g.id JOIN redrive_delivery d ON d.id = g.id
                  JOIN redrive_account a ON a.account_no = g.account_no
                ORDER BY g.id
                """)
        .bind("after", afterId)
        .bind("most", PAGE)
        .bind("run", run)
        .map((row, context) -> Columns.entry(row, Accounts.account(row)))
        .list();
  }

  /** See {@link LedgerAdmin#contents}. */
  static LedgerAdmin.Contents contents(Tx tx, String name) {
    record Count(Account account, DeliveryState state, long deliveries) {}
    Map<Account, Map<DeliveryState, Long>> deliveries =
        tx.query(
                """
                SELECT a.provider, a.name, a.unique_ids, c.state, c.deliveries FROM
                  (SELECT account_no, state, COUNT(*) AS deliveries FROM redrive_state
                   GROUP BY account_no, state) c
                  JOIN redrive_account a ON a.account_no = c.account_no
                """)
            .map(
                (row, context) ->
                    new Count(
                        Accounts.account(row),
                        Columns.state(row.getString("state")),
                        row.getLong("deliveries")))
            .collect(
                Collectors.groupingBy(
                    Count::account,
                    Collectors.groupingBy(
                        Count::state, Collectors.summingLong(Count::deliveries))));
    return tx.query(
            """
            SELECT COUNT(*) AS runs, MIN(started_at) AS oldest,
              (SELECT MAX(version) FROM redrive_schema) AS version FROM redrive_run
            """)
        .map(
            (row, context) ->
                new LedgerAdmin.Contents(
                    name,
                    row.getInt("version"),
                    tx.dialect().bytes(tx.handle()),
                    deliveries,
                    row.getLong("runs"),
                    Columns.instant(row, "oldest")))
        .one();
  }

  /** See {@link LedgerAdmin#expiring}. */
  static long expiring(Tx tx, int account, Duration retention, Instant now) {
    return tx.query(
            """
            SELECT COUNT(*) FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
            WHERE s.account_no = :account AND s.state <> 'DELIVERED'
              AND d.created_at >= :from AND d.created_at < :until
            """)
        .bind("account", account)
        .bind("from", Columns.micros(now.minus(retention)))
        .bind("until", Columns.micros(now.minus(LedgerAdmin.expiresSoonAt(retention))))
        .mapTo(Long.class)
        .one();
  }

  /** See {@link RetryLedger#about}. */
  static RetryLedger.About about(Tx tx, String name, Account account) {
    return tx.query(
            """
            SELECT (SELECT COUNT(*) FROM redrive_delivery) AS deliveries,
              (SELECT COUNT(*) FROM redrive_delivery WHERE account_no IN
                (SELECT account_no FROM redrive_account WHERE provider = :provider)) AS of_provider
            """)
        .bind("provider", Columns.text(account.provider()))
        .map(
            (row, context) ->
                new RetryLedger.About(name, row.getLong("deliveries"), row.getLong("of_provider")))
        .one();
  }
}
