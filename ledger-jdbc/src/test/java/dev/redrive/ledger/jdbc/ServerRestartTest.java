package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A PostgreSQL server that stops or crashes, and starts again while a ledger waits for it. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class ServerRestartTest {
  @TempDir Path folder;

  private final PassingTime time = new PassingTime();
  private EmbeddedPostgres server;
  private PostgresProxy proxy;
  private JdbcLedger ledger;

  @BeforeEach
  void open() throws IOException {
    server = Postgres.startIn(folder.resolve("server"));
    String url = server.getJdbcUrl("postgres", "postgres");
    proxy = new PostgresProxy(server.getPort());
    String throughProxy = url.replace(":" + server.getPort(), ":" + proxy.port());
    ledger = JdbcLedger.with(Database.open(Location.of(throughProxy), time), Schema::create);
    ledger.begin(new LedgerRun("r", List.of(Child.ACME), Child.NOW));
    ledger.admit("r", Child.ACME, ListedFailures.of("log-", 10), Round.FIRST);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
    proxy.close();
    server.close();
  }

  private List<LedgerEntry> claim(int most) {
    return ledger.claim("r", Child.ACME, Grouping.ANY, most, Child.NOW, Child.LEASE);
  }

  private void startAgain() throws IOException {
    if (time.sleeps().size() == 1) {
      server = Postgres.startIn(folder.resolve("server"));
      proxy.to(server.getPort());
      proxy.refuse(false);
    }
  }

  private Map<DeliveryState, Long> stored() {
    return ledger.standing("r", Child.ACME).own();
  }

  @Test
  void claim_whileTheServerRestarts_isMadeOnce() throws Exception {
    assertThat(claim(2)).hasSize(2);
    server.close();
    proxy.refuse(true);
    time.whileAsleep(this::startAgain);

    assertThat(claim(3)).hasSize(3);

    // More than once, if the server takes connections before it is ready.
    assertThat(time.sleeps()).isNotEmpty();
    assertThat(stored()).isEqualTo(Map.of(DeliveryState.SENDING, 5L, DeliveryState.FOUND, 5L));
  }

  @Test
  void claim_whenTheServerRestartsAfterItsCommit_isMadeOnce() {
    proxy.nextCommit(PostgresProxy.Next.IS_NOT_CONFIRMED);
    proxy.refuseFromNextCommitOn();
    time.whileAsleep(
        () -> {
          if (time.sleeps().size() == 1) {
            server.close();
          }
          startAgain();
        });

    assertThat(claim(3)).hasSize(3);

    assertThat(time.sleeps()).isNotEmpty();
    assertThat(stored()).isEqualTo(Map.of(DeliveryState.SENDING, 3L, DeliveryState.FOUND, 7L));
  }

  /** The server may have given its id to another transaction by now. */
  @Test
  void claim_whenTheServerCrashesAfterItsCommit_isNotMadeTwice() {
    proxy.nextCommit(PostgresProxy.Next.IS_NOT_CONFIRMED);
    proxy.refuseFromNextCommitOn();
    time.whileAsleep(
        () -> {
          if (time.sleeps().size() == 1) {
            Postgres.kill(folder.resolve("server"));
            server.close();
          }
          startAgain();
        });

    assertThatThrownBy(() -> claim(3))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("may or may not have stored");

    assertThat(claim(10)).hasSize(7);
    assertThat(stored()).isEqualTo(Map.of(DeliveryState.SENDING, 10L));
  }

  @Test
  void claim_whenTheServerCrashesBeforeItsCommit_isMadeOnce() {
    proxy.nextCommit(PostgresProxy.Next.IS_LOST);
    proxy.refuseFromNextCommitOn();
    time.whileAsleep(
        () -> {
          if (time.sleeps().size() == 1) {
            Postgres.kill(folder.resolve("server"));
            server.close();
          }
          startAgain();
        });

    assertThat(claim(3)).hasSize(3);

    assertThat(time.nanoTime()).isLessThan(Duration.ofSeconds(15).toNanos());
    assertThat(stored()).isEqualTo(Map.of(DeliveryState.SENDING, 3L, DeliveryState.FOUND, 7L));
  }
}
