package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.RetryResult;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.io.PrintWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Pools of callers, set up in all the ways in which pools are. */
class CallersPoolTest {
  private final PassingTime time = new PassingTime();
  private String url;
  private Connection physical;
  private OneConnection pool;

  @BeforeEach
  void connect() throws SQLException {
    url = Postgres.newSchema();
    physical = DriverManager.getConnection(url);
    pool = new OneConnection(physical);
  }

  @AfterEach
  void disconnect() throws SQLException {
    physical.close();
  }

  /** A pool with one connection, which it neither checks nor resets. */
  private static final class OneConnection implements DataSource {
    private final Connection physical;
    private final List<String> states = new ArrayList<>();

    OneConnection(Connection physical) {
      this.physical = physical;
    }

    @Override
    public Connection getConnection() {
      return (Connection)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Connection.class},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "close" -> {
                    states.add(state(physical));
                    return null;
                  }
                  case "hashCode" -> {
                    return System.identityHashCode(proxy);
                  }
                  case "equals" -> {
                    return proxy == arguments[0];
                  }
                  default -> {
                    return method.invoke(physical, arguments);
                  }
                }
              });
    }

    @Override
    public Connection getConnection(String user, String password) {
      throw new UnsupportedOperationException();
    }

    @Override
    public PrintWriter getLogWriter() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setLogWriter(PrintWriter out) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setLoginTimeout(int seconds) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int getLoginTimeout() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Logger getParentLogger() {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> T unwrap(Class<T> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }

  /** All that a ledger might leave behind on a connection. */
  private static String state(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    assertThat(connection.unwrap(BaseConnection.class).getTransactionState())
        .isEqualTo(TransactionState.IDLE);
    String state =
        Stream.of(
                    "default_transaction_isolation",
                    "default_transaction_read_only",
                    "lock_timeout",
                    "idle_in_transaction_session_timeout",
                    "synchronous_commit")
                .map(setting -> setting + "=" + shown(connection, setting))
                .toList()
            + ", autoCommit="
            + autoCommit
            + ", readOnly="
            + connection.isReadOnly()
            + ", isolation="
            + connection.getTransactionIsolation();
    if (!autoCommit) {
      connection.rollback();
    }
    return state;
  }

  private static String shown(Connection connection, String setting) {
    try (Statement statement = connection.createStatement();
        ResultSet shown = statement.executeQuery("SHOW " + setting)) {
      shown.next();
      return shown.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String sql) {
    try (Statement statement = physical.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  interface Setting {
    void apply(Connection connection) throws SQLException;
  }

  static Stream<Setting> settings() {
    return Stream.of(
        connection -> {},
        connection -> connection.setAutoCommit(false),
        connection -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED),
        connection -> connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ),
        connection -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE),
        connection -> {
          connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
          connection.setAutoCommit(false);
        },
        connection -> connection.createStatement().execute("SET synchronous_commit = off"),
        connection -> connection.createStatement().execute("SET lock_timeout = '1s'"));
  }

  @ParameterizedTest(name = "[{index}]")
  @MethodSource("settings")
  void pool_howeverItIsSetUp_worksAndIsGivenBackAsItWas(Setting setting) throws Exception {
    setting.apply(physical);
    String before = state(physical);

    try (JdbcLedger ledger = JdbcLedger.open(pool)) {
      ledger.begin(new LedgerRun("r", List.of(Child.ACME), Child.NOW));
      assertThat(ledger.admit("r", Child.ACME, ListedFailures.of("log-", 5), Round.FIRST))
          .containsOnly(Admission.ADMITTED);
      List<LedgerEntry> claimed = claim(ledger, 3);
      ledger.record(
          "r",
          claimed,
          claimed.stream()
              .map(e -> RetryResult.accepted(e.delivery(), "new-" + e.id(), Child.NOW))
              .toList());
      assertThat(ledger.unsettled("r", Child.ACME, 0, 9)).hasSize(3);
      assertThat(claim(ledger, 9)).hasSize(2);
    }

    assertThat(pool.states).hasSizeGreaterThan(5).containsOnly(before);
  }

  private static List<LedgerEntry> claim(JdbcLedger ledger, int most) {
    return ledger.claim("r", Child.ACME, Grouping.ANY, most, Child.NOW, Child.LEASE);
  }

  /** Looks at the settings that a transaction of the ledger has. */
  private Map<String, String> within(String... settings) {
    Database database = Database.over(pool, time);
    try {
      return database.write(
          tx ->
              Stream.of(settings)
                  .collect(
                      Collectors.toMap(
                          setting -> setting,
                          setting ->
                              tx.handle()
                                  .createQuery("SELECT current_setting('" + setting + "')")
                                  .mapTo(String.class)
                                  .one())));
    } finally {
      database.close();
    }
  }

  @Test
  void claim_whateverThePoolsDefault_seesWhatOthersCommittedWhileItWaited() {
    execute("SET default_transaction_isolation = 'repeatable read'");

    assertThat(within("transaction_isolation"))
        .containsEntry("transaction_isolation", "read committed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"off=on", "on=on", "local=local", "remote_apply=remote_apply"})
  void claim_whateverThePoolsDefault_isOnDisk(String setAndUsed) {
    String[] modes = setAndUsed.split("=", 2);
    execute("SET synchronous_commit = " + modes[0]);

    assertThat(within("synchronous_commit")).containsEntry("synchronous_commit", modes[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1s", "10min"})
  void lock_whateverThePoolsDefault_isWaitedForLongerThanAnybodyMayStandStill(String timeout) {
    execute("SET lock_timeout = '" + timeout + "'");
    execute("SET idle_in_transaction_session_timeout = '" + timeout + "'");

    assertThat(within("lock_timeout", "idle_in_transaction_session_timeout"))
        .containsEntry("lock_timeout", "30s")
        .containsEntry("idle_in_transaction_session_timeout", "20s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET default_transaction_read_only = on", ""})
  void readOnlyPool_isRefusedByName(String how) throws SQLException {
    if (how.isEmpty()) {
      physical.setReadOnly(true);
    } else {
      execute(how);
    }

    assertThatThrownBy(() -> JdbcLedger.open(pool))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining(
            "is read-only: pass a pool of the primary server whose connections may write");
  }

  @Test
  void poolWithoutAFreeConnection_isWaitedFor_thenNamed() throws SQLException {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(250);
    try (HikariDataSource full = new HikariDataSource(config)) {
      Database database = Database.over(full, time);
      try (JdbcLedger ledger = JdbcLedger.with(database, Schema::create)) {
        Connection taken = full.getConnection();
        time.whileAsleep(taken::close);
        ledger.begin(new LedgerRun("r", List.of(Child.ACME), Child.NOW));
        assertThat(time.sleeps()).hasSize(1);

        time.whileAsleep(() -> time.skip(Patience.MOST));
        try (Connection held = full.getConnection()) {
          assertThat(held.isClosed()).isFalse();
          assertThatThrownBy(() -> ledger.runs(1))
              .isInstanceOf(LedgerException.class)
              .hasMessageContaining("increase the size of the pool");
        }
      }
    }
  }

  @Test
  void poolThatIsClosedMeanwhile_isNotWaitedFor() {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(2);
    HikariDataSource closed = new HikariDataSource(config);
    try (JdbcLedger ledger = JdbcLedger.with(Database.over(closed, time), Schema::create)) {
      closed.close();

      assertThatThrownBy(() -> ledger.runs(1))
          .isInstanceOf(LedgerException.class)
          .hasMessageContaining("has been closed");
    }
    assertThat(time.sleeps()).isEmpty();
  }
}
