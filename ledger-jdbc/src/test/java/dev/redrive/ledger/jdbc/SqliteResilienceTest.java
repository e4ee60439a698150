package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** An SQLite ledger that another process is in the way of. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class SqliteResilienceTest {
  @TempDir Path folder;

  private final PassingTime time = new PassingTime();
  private Path file;
  private Database database;
  private JdbcLedger ledger;

  @BeforeEach
  void open() {
    file = folder.resolve("ledger.db");
    JdbcLedger.open(file).close();
    database = Database.open(Location.of(file), time);
    ledger = JdbcLedger.with(database, Schema::create);
    ledger.begin(new LedgerRun("r", List.of(Child.ACME), Child.NOW));
    ledger.admit("r", Child.ACME, ListedFailures.of("log-", 10), Round.FIRST);
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private List<LedgerEntry> claim(int most) {
    return ledger.claim("r", Child.ACME, Grouping.ANY, most, Child.NOW, Child.LEASE);
  }

  @Test
  void claim_whileTheFileIsHeldForLongerThanTheBusyTimeout_isMadeOnceItIsFree() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      time.whileAsleep(() -> statement.execute("COMMIT"));

      assertThat(claim(3)).hasSize(3);
    }

    assertThat(time.sleeps()).hasSize(1);
    assertThat(claim(10)).hasSize(7);
  }

  @Test
  void claim_whileTheFileIsHeldForTooLong_saysSo() throws Exception {
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      time.whileAsleep(() -> time.skip(Patience.MOST));

      assertThatThrownBy(() -> claim(3))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("locked by another process");
    }

    assertThat(claim(10)).hasSize(10);
  }

  /**
   * The driver's own {@code commit()} begins the next transaction at once: where that had to wait
   * for another process, what was stored would be taken for failed, and made twice.
   */
  @Test
  void transaction_isNotOneOfTheDriver() {
    boolean isPlain =
        database.write(
            tx -> {
              try {
                return tx.handle().getConnection().getAutoCommit();
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            });

    assertThat(isPlain).isTrue();
  }

  @Test
  void transaction_thatFails_leavesNothingBehind() {
    assertThatThrownBy(
            () ->
                database.write(
                    tx -> {
                      tx.handle().execute("DELETE FROM redrive_state");
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");

    assertThat(time.sleeps()).isEmpty();
    assertThat(claim(10)).hasSize(10);
  }
}
