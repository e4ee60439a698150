package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRetry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an older Redrive stored is used by this one. */
class MigrationTest {
  private static final Account ACME = Child.ACME;

  @Test
  @Timeout(60)
  void versionOne_onPostgres_isBroughtUpToDateWithWhatItHolds() throws Exception {
    assertBroughtUpToDate(Postgres.newSchema());
  }

  private static void assertBroughtUpToDate(String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      createVersionOne(statement);
      // One run died while it sent, one found something and was never approved.
      run(statement, 1, "sending");
      run(statement, 2, "unapproved");
      delivery(statement, 1, 1, "FOUND", null);
      delivery(statement, 2, 1, "FOUND", null);
      delivery(statement, 3, 1, "SENDING", "2026-03-01 12:00:05+00");
      delivery(statement, 4, 1, "DELIVERED", "2026-03-01 12:00:04+00");
      delivery(statement, 5, 2, "FOUND", null);
      statement.execute("ALTER SEQUENCE redrive_delivery_id RESTART WITH 6");
      // An older version may have had another idea of a place.
      statement.execute("UPDATE redrive_state SET place = id + 1000000000000000000");
    }
    assertThatThrownBy(() -> JdbcLedger.openExisting(url))
        .isInstanceOf(LedgerException.class)
        .hasMessageContaining("older version");

    try (RetryLedger ledger = JdbcLedger.open(url)) {
      assertThat(ledger.runs(10))
          .noneMatch(LedgerRun::isAlive)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("silence")
          .containsExactly(
              new LedgerRun("unapproved", List.of(ACME), Child.NOW),
              new LedgerRun("sending", List.of(ACME), Child.NOW));
      assertThat(ledger.admin().find(new DeliveryKey(ACME.provider(), ACME.name(), "log3")))
          .get()
          .satisfies(
              history ->
                  assertThat(history.retries())
                      .extracting(LedgerRetry::run, LedgerRetry::state)
                      .containsExactly(tuple("sending", DeliveryState.DELIVERED)));
      var later = Child.NOW.plusSeconds(600);
      ledger.begin(new LedgerRun("heir", List.of(ACME), later));

      assertThat(ledger.takeUp("heir", ACME, later, Duration.ofSeconds(15))).isEqualTo(1);
      assertThat(ledger.unsettled("heir", ACME, 0, 10))
          .singleElement()
          .satisfies(entry -> assertThat(entry.key().id()).isEqualTo("log2"))
          .extracting(LedgerEntry::state)
          .isEqualTo(DeliveryState.UNKNOWN);
      var left = new ArrayList<LedgerEntry>();
      ledger.leftQueued("heir", ACME, left::addAll);
      assertThat(left).extracting(entry -> entry.key().id()).containsExactly("log0", "log1");
      assertThat(ledger.admit("heir", ACME, ListedFailures.of("log", 6), Round.FIRST))
          .containsExactly(
              Admission.ADMITTED,
              Admission.ADMITTED,
              Admission.IN_THIS_RUN,
              Admission.ALREADY_DELIVERED,
              Admission.ADMITTED,
              Admission.ADMITTED);

      var counts = new DeliveryCounts(5, Map.of(), 0, 0, 0, 0, 1, 4);
      ledger.finish("heir", later, RecoveryReport.End.STOPPED, counts);
      assertThat(ledger.runs(1))
          .containsExactly(
              new LedgerRun(
                  "heir", List.of(ACME), later, later, RecoveryReport.End.STOPPED, counts));
    }
    JdbcLedger.openExisting(url).close();
  }

  private static void createVersionOne(Statement statement) throws SQLException, IOException {
    String script;
    try (InputStream file = Schema.class.getResourceAsStream("schema-postgresql-1.sql")) {
      script = new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (String command : script.replaceAll("--[^\n]*", "").split(";", -1)) {
      if (!command.isBlank()) {
        statement.execute(command);
      }
    }
    statement.execute("INSERT INTO redrive_schema (version) VALUES (1)");
    statement.execute(
        "INSERT INTO redrive_account (provider, name) VALUES ('"
            + ACME.provider()
            + "', '"
            + ACME.name()
            + "')");
  }

  private static void run(Statement statement, int number, String id) throws SQLException {
    String started = "'" + Child.NOW + "'";
    statement.execute(
        "INSERT INTO redrive_run (id, process, started_at, lease_until, taken_over) VALUES ('"
            + id
            + "', 'gone', "
            + started
            + ", "
            + started
            + ", FALSE)");
    statement.execute(
        "INSERT INTO redrive_run_account (run_no, ordinal, account_no) VALUES ("
            + number
            + ", 0, 1)");
  }

  /** The n-th delivery, of the log that {@link ListedFailures} gives n - 1. */
  private static void delivery(
      Statement statement, int id, int run, String state, String requestedAt) throws SQLException {
    String log = "'log" + (id - 1) + "'";
    Instant created = Child.NOW.plusSeconds(id - 1);
    long place = state.equals("FOUND") ? Columns.micros(created) : 0;
    String requested = requestedAt == null ? "NULL" : "'" + requestedAt + "'";
    statement.execute(
        "INSERT INTO redrive_delivery (id, account_no, key_id, lineage, cause, created_at)"
            + " VALUES ("
            + id
            + ", 1, "
            + log
            + ", "
            + log
            + ", 'SERVER_ERROR', '"
            + created
            + "')");
    statement.execute(
        "INSERT INTO redrive_state (id, account_no, state, run_no, place, sends, requested_at)"
            + " VALUES ("
            + String.join(
                ", ",
                "" + id,
                "1",
                "'" + state + "'",
                "" + run,
                "" + place,
                requestedAt == null ? "0" : "1",
                requested)
            + ")");
  }
}
