package dev.redrive.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.DeliveryQuery;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With real threads and a real client. */
class CatchUpSchedulerTest {
  private static final int FAILURES = 40;

  private final HikariDataSource source = Postgres.newSchema();
  private final FakeChatt2me fake = FakeChatt2me.start();
  private final WebhookRetryClient client =
      Chatt2meClient.builder().baseUrl(fake.baseUrl()).apiKey(fake.apiKey()).build();
  private final RetryLedger ledger = JdbcLedger.open(source);
  private final CatchUp catchUp =
      CatchUp.of(
              Recovery.of(client)
                  .ledger(ledger)
                  .batchSize(1)
                  .concurrency(1)
                  .query(DeliveryQuery.since(fake.clock().instant().minus(Duration.ofDays(1)))))
          .build();

  @AfterEach
  void close() {
    ledger.close();
    client.close();
    fake.close();
    source.close();
  }

  @Test
  void closing_stopsARound_andLeavesTheAccountToOthers() throws InterruptedException {
    fake.failures(FAILURES);
    fake.endpoint().up();
    fake.latency(Duration.ofMillis(100));
    var sending = new CountDownLatch(3);
    fake.onRequest(Operation.RETRY, sending::countDown);
    try (CatchUpScheduler scheduler = scheduler()) {
      scheduler.start();
      sending.await();
    }

    assertThat(fake.endpoint().neverDelivered()).isNotEmpty();
    assertThat(
            Postgres.query(
                source,
                "SELECT picked || ' ' || (execution_time <= clock_timestamp()) || ' '"
                    + " || consecutive_failures FROM scheduled_tasks"))
        .containsExactly("false true 0");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("db-scheduler"));
  }

  @Test
  void aSchedulerStartsOnce() {
    CatchUpScheduler scheduler = scheduler();
    scheduler.start();
    assertThatThrownBy(scheduler::start).hasMessageContaining("started before");
    scheduler.close();
    scheduler.close();
    assertThatThrownBy(scheduler::start).hasMessageContaining("closed before");
  }

  @Test
  void aDatabaseThatIsGone_isNamed() {
    try (CatchUpScheduler scheduler = scheduler()) {
      source.close();
      assertThatThrownBy(scheduler::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("check that the data source is a PostgreSQL pool");
    }
  }

  @Test
  void periodsAndRoundsThatMakeNoSense_areRefused() {
    CatchUpScheduler.Builder builder = CatchUpScheduler.builder(source, catchUp);
    assertThatThrownBy(() -> builder.every(Duration.ofMillis(999)))
        .hasMessage("every is PT0.999S: it must be at least a second");
    assertThatThrownBy(() -> builder.roundsAtOnce(0))
        .hasMessage("roundsAtOnce is 0: it must be positive");
  }

  private CatchUpScheduler scheduler() {
    return CatchUpScheduler.builder(source, catchUp).every(Duration.ofSeconds(1)).build();
  }
}
