package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL ledger whose connections break, and what its callers see of that. */
@Timeout(120)
class ResilienceTest {
  private static final int FOUND = 10;

  private final PassingTime time = new PassingTime();
  private String url;
  private PostgresProxy proxy;
  private Database database;
  private JdbcLedger ledger;

  @BeforeEach
  void open() throws IOException {
    url = Postgres.newSchema();
    proxy = new PostgresProxy(port(url));
    var source = new PGSimpleDataSource();
    source.setUrl(url.replace(":" + port(url), ":" + proxy.port()));
    database = Database.over(source, time);
    ledger = JdbcLedger.with(database, Schema::create);
    ledger.begin(new LedgerRun("r", List.of(Child.ACME), Child.NOW));
    ledger.approve("r");
    ledger.admit("r", Child.ACME, ListedFailures.of("log-", FOUND), Round.FIRST);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
    proxy.close();
  }

  static int port(String url) {
    return Integer.parseInt(url.replaceFirst("(?s).*//[^/:]*:(\\d+).*", "$1"));
  }

  private List<LedgerEntry> claim(int most) {
    return ledger.claim("r", Child.ACME, Grouping.ANY, most, Child.NOW, Child.LEASE);
  }

  /** Each delivery goes out once, oldest first, and its caller has it in its hands. */
  private void assertThatAllAreClaimedOnce(List<LedgerEntry> first) {
    List<LedgerEntry> claimed = new ArrayList<>(first);
    claimed.addAll(claim(FOUND));
    assertThat(claimed)
        .extracting(entry -> entry.key().id())
        .containsExactlyElementsOf(
            ListedFailures.of("log-", FOUND).stream().map(found -> found.key().id()).toList());
    assertThat(claim(1)).isEmpty();
    var stored = new ArrayList<LedgerEntry>();
    ledger.entries("r", stored::add);
    assertThat(stored).hasSize(FOUND).allMatch(entry -> entry.sends() == 1);
  }

  // A commit in doubt

  @ParameterizedTest
  @EnumSource(names = {"IS_LOST", "IS_NOT_CONFIRMED"})
  void claim_whenTheConnectionIsLostInItsCommit_isMadeOnce(PostgresProxy.Next what) {
    proxy.nextCommit(what);

    List<LedgerEntry> claimed = claim(3);

    assertThat(claimed).hasSize(3);
    assertThatAllAreClaimedOnce(claimed);
  }

  @Test
  void claim_whenItsCommitGetsThereLate_isAwaited() {
    proxy.nextCommit(PostgresProxy.Next.IS_LATE);
    time.whileAsleep(proxy::deliver);

    List<LedgerEntry> claimed = claim(3);

    assertThat(time.sleeps()).isNotEmpty();
    assertThat(claimed).hasSize(3);
    assertThatAllAreClaimedOnce(claimed);
  }

  @Test
  void claim_whenNobodyCanTellWhetherItWasCommitted_failsAndIsNeverMadeTwice() {
    proxy.nextCommit(PostgresProxy.Next.IS_NOT_CONFIRMED);
    proxy.refuseFromNextCommitOn();

    assertThatThrownBy(() -> claim(3))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("may or may not have stored");

    proxy.refuse(false);
    assertThat(claim(FOUND)).hasSize(FOUND - 3);
    assertThat(ledger.standing("r", Child.ACME).own())
        .isEqualTo(Map.of(DeliveryState.SENDING, (long) FOUND));
  }

  @ParameterizedTest
  @EnumSource(names = {"IS_LOST", "IS_NOT_CONFIRMED"})
  void admission_whenTheConnectionIsLostInItsCommit_isNotCountedAsKnown(PostgresProxy.Next what) {
    proxy.nextCommit(what);

    assertThat(ledger.admit("r", Child.ACME, ListedFailures.of("more-", 5), Round.FIRST))
        .hasSize(5)
        .containsOnly(Admission.ADMITTED);

    assertThat(claim(2 * FOUND)).hasSize(FOUND + 5);
  }

  @ParameterizedTest
  @EnumSource(names = {"IS_LOST", "IS_NOT_CONFIRMED"})
  void begin_whenTheConnectionIsLostInItsCommit_hasNotBegunBefore(PostgresProxy.Next what) {
    proxy.nextCommit(what);

    ledger.begin(new LedgerRun("r2", List.of(Child.ACME), Child.NOW));

    assertThat(ledger.runs(9)).extracting(LedgerRun::id).containsExactly("r2", "r");
  }

  @Test
  void commit_thatAnotherIncarnationOfTheServerConfirms_isInDoubt() throws Exception {
    proxy.nextCommit(PostgresProxy.Next.IS_LATE);
    time.whileAsleep(
        () -> {
          // As after a crash. The server does it by and by, and must not do so in the next test.
          Postgres.execute(
              """
              DO $$ BEGIN
                PERFORM pg_stat_reset_shared('bgwriter');
                FOR i IN 1..500 LOOP
                  PERFORM pg_stat_clear_snapshot();
                  EXIT WHEN (SELECT stats_reset FROM pg_stat_bgwriter) >= statement_timestamp();
                  PERFORM pg_sleep(0.01);
                END LOOP;
              END $$
              """);
          proxy.deliver();
        });

    assertThatThrownBy(() -> claim(3))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("may or may not have stored");
  }

  @Test
  void fate_ofATransactionThatTheServerNeverSaw_isAborted() {
    assertThat(database.<Fate>read(tx -> Dialect.POSTGRESQL.fate(tx.handle(), 4_000_000_000L)))
        .isEqualTo(Fate.ABORTED);
  }

  // Before the commit

  @Test
  void claim_whenItsConnectionIsTerminated_isMadeOnTheNext() {
    var attempts = new AtomicInteger();
    List<Integer> result =
        database.write(
            tx -> {
              if (attempts.getAndIncrement() == 0) {
                terminate(
                    tx.handle().createQuery("SELECT pg_backend_pid()").mapTo(Integer.class).one());
              }
              return tx.handle().createQuery("SELECT 1").mapTo(Integer.class).list();
            });

    assertThat(result).containsExactly(1);
    assertThat(attempts).hasValue(2);
    assertThatAllAreClaimedOnce(claim(3));
  }

  private static void terminate(int process) {
    try {
      Postgres.execute("SELECT pg_terminate_backend(" + process + ", 5000)");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void claim_whileTheServerIsAway_waitsForIt() {
    proxy.refuse(true);
    proxy.cut();
    var pauses = new AtomicInteger();
    time.whileAsleep(
        () -> {
          if (pauses.incrementAndGet() == 4) {
            proxy.refuse(false);
          }
        });

    assertThatAllAreClaimedOnce(claim(3));
    assertThat(pauses).hasValue(4);
  }

  @Test
  void claim_whileTheServerIsAwayForTooLong_failsInTime() {
    proxy.refuse(true);
    proxy.cut();

    assertThatThrownBy(() -> claim(3))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("cannot be reached");

    assertThat(time.nanoTime()).isLessThanOrEqualTo(Patience.MOST.toNanos());
    assertThat(time.sleeps().size()).isGreaterThan(10);
    proxy.refuse(false);
    assertThatAllAreClaimedOnce(claim(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01", "55P03", "08006", "57P03", "53300", "25P03", "25006"})
  void transaction_whenItFailsForAReasonThatPasses_runsAgain(String state) {
    assertThat(attemptsUntilSuccess(state)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"57014", "53100", "42501", "23505", "58030"})
  void transaction_whenItFailsForGood_doesNotRunAgain(String state) {
    assertThatThrownBy(() -> attemptsUntilSuccess(state)).isInstanceOf(LedgerException.class);
    assertThat(time.sleeps()).isEmpty();
  }

  private int attemptsUntilSuccess(String state) {
    var attempts = new AtomicInteger();
    database.write(
        tx -> {
          if (attempts.incrementAndGet() < 3) {
            tx.handle().execute("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '" + state + "'; END $$");
          }
          return true;
        });
    return attempts.get();
  }

  @Test
  void read_whenItsConnectionIsTerminated_readsAgain() {
    var attempts = new AtomicInteger();

    int read =
        database.read(
            tx -> {
              if (attempts.getAndIncrement() == 0) {
                terminate(
                    tx.handle().createQuery("SELECT pg_backend_pid()").mapTo(Integer.class).one());
              }
              return tx.handle().createQuery("SELECT 1").mapTo(Integer.class).one();
            });

    assertThat(read).isEqualTo(1);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void transactions_inADeadlock_bothSucceed() throws Exception {
    var bothHaveOne = new CountDownLatch(2);
    var failures = new ArrayList<Throwable>();
    var other = new Thread(() -> lockInOrder(8, 7, bothHaveOne));
    other.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
    other.start();

    lockInOrder(7, 8, bothHaveOne);

    other.join();
    assertThat(failures).isEmpty();
    assertThat(time.sleeps()).hasSize(1);
  }

  private void lockInOrder(int first, int second, CountDownLatch bothHaveOne) {
    database.write(
        tx -> {
          tx.handle().execute("SET LOCAL deadlock_timeout = '100ms'");
          tx.handle().execute("SELECT pg_advisory_xact_lock(?)", first);
          bothHaveOne.countDown();
          await(bothHaveOne);
          tx.handle().execute("SELECT pg_advisory_xact_lock(?)", second);
          return true;
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void transaction_whenALockIsHeldForTooLong_runsAgain() throws Exception {
    var attempts = new AtomicInteger();
    try (Connection holder = DriverManager.getConnection(url);
        Statement statement = holder.createStatement()) {
      statement.execute("SELECT pg_advisory_lock(77)");
      time.whileAsleep(() -> statement.execute("SELECT pg_advisory_unlock(77)"));

      database.write(
          tx -> {
            attempts.incrementAndGet();
            tx.handle().execute("SET LOCAL lock_timeout = '100ms'");
            tx.handle().execute("SELECT pg_advisory_xact_lock(77)");
            return true;
          });
    }

    assertThat(attempts).hasValue(2);
  }

  @Test
  void close_whileATransactionRuns_waitsForItsEnd() throws Exception {
    var running = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    try (JdbcLedger own = JdbcLedger.open(url)) {
      assertThat(own.runs(1)).hasSize(1);
    }
    Database ownPool = Database.open(Location.of(url), time);
    var writing =
        new Thread(
            () -> {
              ownPool.write(
                  tx -> {
                    running.countDown();
                    await(mayEnd);
                    return tx.handle().execute("UPDATE redrive_run SET seen_at = seen_at");
                  });
              ended.countDown();
            });
    writing.start();
    running.await();
    var closing = new Thread(ownPool::close);
    closing.start();
    while (closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> ownPool.read(tx -> 1)).hasMessageContaining("is closed");
    assertThat(closing.isAlive()).isTrue();
    mayEnd.countDown();
    closing.join();
    writing.join();

    assertThat(ended.getCount()).isZero();
  }

  @Test
  void opening_whenTheServerIsAway_doesNotWaitForIt() {
    proxy.refuse(true);
    var source = new PGSimpleDataSource();
    source.setUrl(url.replace(":" + port(url), ":" + proxy.port()));
    int before = proxy.accepted();

    assertThatThrownBy(() -> JdbcLedger.open(source))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("cannot be reached");

    // The driver tries once with and once without encryption.
    assertThat(proxy.accepted() - before).isLessThanOrEqualTo(2);
  }
}
