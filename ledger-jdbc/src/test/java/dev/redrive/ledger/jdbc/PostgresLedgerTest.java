package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryStatus;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
                  .get(1)
                  .formatted("= ANY('{" + hashes + "}'::BIGINT[])")
                  .replace(":provider", "'acme'")
                  .replace(":unique", "TRUE"));

      assertThat(plan).contains("redrive_state_log");
    }
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
