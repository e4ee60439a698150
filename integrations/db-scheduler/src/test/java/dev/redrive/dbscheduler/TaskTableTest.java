package dev.redrive.dbscheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskTableTest {
  private final HikariDataSource source = Postgres.newSchema();
  private final TaskTable table = new TaskTable(source);

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void tableThatExists_isUsed() throws SQLException {
    table.create();
    insert("other", "now()", null);

    table.create();

    assertThat(names()).containsExactly("other");
  }

  @Test
  void poolThatDoesNotCommitByItself_isFineToo() throws SQLException {
    try (HikariDataSource other = Postgres.withoutAutoCommit(source)) {
      new TaskTable(other).create();
    }

    assertThat(names()).isEmpty();
  }

  @Test
  void machinesThatStartTogether_createOneTable() throws Exception {
    ExecutorService machines = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> started = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        started.add(
            machines.submit(
                () -> {
                  table.create();
                  return null;
                }));
      }
      for (Future<?> each : started) {
        each.get();
      }
    } finally {
      machines.shutdown();
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void indexesOfOtherTables_areNoHindrance() throws SQLException {
    Postgres.execute(source, "CREATE TABLE jobs (execution_time TIMESTAMP)");
    Postgres.execute(source, "CREATE INDEX execution_time_idx ON jobs (execution_time)");

    table.create();

    assertThat(names()).isEmpty();
  }

  @Test
  void userWhoMayNotCreateTables_usesTheOneThatExists() throws SQLException {
    table.create();
    try (HikariDataSource guest = Postgres.guestOf(source)) {
      new TaskTable(guest).create();

      assertThat(new TaskTable(guest).forget("redrive:", List.of())).isZero();
    }
  }

  @Test
  void userWhoMayNotCreateTables_isRefusedIfThereIsNone() {
    try (HikariDataSource guest = Postgres.guestOf(source)) {
      assertThatThrownBy(() -> new TaskTable(guest).create()).isInstanceOf(SQLException.class);
    }
  }

  @Test
  void tasksThatNobodyHasRunForADay_areForgotten_andOnlyThose() throws SQLException {
    table.create();
    insert("redrive:gone", "now() - INTERVAL '25 hours'", null);
    insert("redrive:gone-in-a-round", "now() - INTERVAL '9 days'", "now() - INTERVAL '8 days'");
    insert("redrive:known", "now() - INTERVAL '25 hours'", null);
    insert("redrive:of-another-machine", "now() - INTERVAL '23 hours'", null);
    insert("redrive:in-a-long-round", "now() - INTERVAL '25 hours'", "now()");
    insert("somebody-elses", "now() - INTERVAL '25 hours'", null);

    int forgotten = table.forget("redrive:", List.of("redrive:known", "redrive:new"));

    assertThat(forgotten).isEqualTo(2);
    assertThat(names())
        .containsExactly(
            "redrive:in-a-long-round",
            "redrive:known",
            "redrive:of-another-machine",
            "somebody-elses");
  }

  private List<String> names() {
    return Postgres.query(source, "SELECT task_name FROM scheduled_tasks ORDER BY task_name");
  }

  private void insert(String name, String due, String heartbeat) {
    Postgres.execute(
        source,
        "INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version,"
            + " last_heartbeat) VALUES ('"
            + name
            + "', 'recurring', "
            + due
            + ", "
            + (heartbeat != null)
            + ", 1, "
            + heartbeat
            + ")");
  }
}
