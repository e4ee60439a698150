package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryStatus;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresLedgerTest extends JdbcLedgerContract {
  private String url;

  @Override
  protected RetryLedger emptyLedger() {
    url = Postgres.newSchema();
    return reopened();
  }

  @Override
  String jdbcUrl() {
    return url;
  }

  @Override
  RetryLedger reopened() {
    return JdbcLedger.open(url);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody looked", "when all was out", "when all was settled"})
  void unsettled_isReadInTheOrderOfItsIndex(String statistics) throws SQLException {
    try (Connection connection = DriverManager.getConnection(Postgresql.withSettings(jdbcUrl()));
        Statement statement = connection.createStatement()) {
      begin("r1", T0);
      ledger.admit("r1", ACME, failures(300), RetryLedger.Round.FIRST);
      List<LedgerEntry> claimed = claim("r1", 300);
      ledger.record(
          "r1", claimed, claimed.stream().map(e -> accepted(e, "new-" + e.id())).toList());
      if (statistics.equals("when all was out")) {
        statement.execute("ANALYZE");
      }
      List<LedgerEntry> open = ledger.unsettled("r1", ACME, 0, 290);
      ledger.settle(
          "r1",
          open,
          open.stream()
              .map(e -> outcome(e, log(ACME, "new-" + e.id(), DeliveryStatus.SUCCEEDED).build()))
              .toList(),
          T0);
      if (statistics.equals("when all was settled")) {
        statement.execute("ANALYZE");
      }

      String plan = plan(statement, Reading.UNSETTLED);

      assertThat(plan).contains("redrive_state_open").doesNotContain("Sort");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logsOfRetries_areLookedUpByTheirHashes(boolean analyzed) throws SQLException {
    try (Connection connection = DriverManager.getConnection(Postgresql.withSettings(jdbcUrl()));
        Statement statement = connection.createStatement()) {
      begin("r1", T0);
      ledger.admit("r1", ACME, failures(3_000), RetryLedger.Round.FIRST);
      if (analyzed) {
        statement.execute("ANALYZE");
      }
      String hashes =
          LongStream.range(0, 500).mapToObj(Long::toString).collect(Collectors.joining(","));

      String plan =
          plan(
              statement,
              Known.OF_RETRY_LOGS
                  .get(0)
                  .formatted("= ANY('{" + hashes + "}'::BIGINT[])")
                  .replace(":provider", "'acme'")
                  .replace(":unique", "TRUE"));

      assertThat(plan).contains("redrive_state_log");
    }
  }

  /** Otherwise, the log of a retry would be sent as a delivery of its own, and its event twice. */
  @Test
  void admit_whileAnotherRunClaims_knowsTheLogOfAnEarlierRetry() throws SQLException {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", T0);
    ledger.admit("r2", ACME, List.of(failed("a", 0)), RetryLedger.Round.ANOTHER);
    begin("r3", T0);
    var lookUps = new AtomicInteger();
    DataSource source =
        watching(
            sql -> {
              if (sql.startsWith("WITH known AS") && lookUps.incrementAndGet() == 2) {
                assertThat(claim("r2", 1)).hasSize(1);
              }
            });

    try (RetryLedger other = JdbcLedger.open(source)) {
      assertThat(other.admit("r3", ACME, List.of(failed("a2", 10)), RetryLedger.Round.ANOTHER))
          .doesNotContain(Admission.ADMITTED);
    }

    assertThat(lookUps).hasValue(2);
    assertThat(ledger.about(ACME).deliveries()).isEqualTo(1);
  }

  /** Connections to the ledger's schema; {@code watcher} is told each statement beforehand. */
  private DataSource watching(Consumer<String> watcher) {
    InvocationHandler pool =
        (source, method, arguments) -> {
          Connection connection = DriverManager.getConnection(jdbcUrl());
          InvocationHandler watched =
              (proxy, called, values) -> {
                if (called.getName().equals("prepareStatement")) {
                  watcher.accept((String) values[0]);
                }
                return called.invoke(connection, values);
              };
          return Proxy.newProxyInstance(
              getClass().getClassLoader(), new Class<?>[] {Connection.class}, watched);
        };
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {DataSource.class}, pool);
  }

  private static String plan(Statement statement, String sql) throws SQLException {
    var plan = new StringBuilder();
    try (ResultSet lines =
        statement.executeQuery(
            "EXPLAIN "
                + sql.replace(":run", "1")
                    .replace(":account", "1")
                    .replace(":after", "0")
                    .replace(":most", "500"))) {
      while (lines.next()) {
        plan.append(lines.getString(1)).append('\n');
      }
    }
    return plan.toString();
  }
}
