package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.ProviderSetting;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Machines that catch up accounts at fakes, on a database of their own that can be restarted. */
final class Machines implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final Path folder;
  private final Duration every;
  private final Duration lease;
  private final double rate;
  private final Map<String, FakeProvider> fakes = new LinkedHashMap<>();
  private final List<String> arguments = new ArrayList<>();
  private final List<ChildProcess> all = new CopyOnWriteArrayList<>();
  private final List<Duration> takeOvers = Collections.synchronizedList(new ArrayList<>());
  private EmbeddedPostgres server;

  Machines(Path folder, int accounts, Duration every, Duration lease, double rate) {
    this.folder = folder;
    this.every = every;
    this.lease = lease;
    this.rate = rate;
    this.server = startServer(0);
    List<Api> apis = Api.all();
    for (int i = 0; i < accounts; i++) {
      Api api = apis.get(i % apis.size());
      long seed = 1_000 + i;
      // What fails is recent, so that later windows reach back to it.
      FakeProvider fake =
          api.start(
              builder ->
                  builder
                      .seed(seed)
                      .webhooks(1)
                      .window(Duration.ofMinutes(20))
                      .recordedRequests(100_000));
      String account = api.name() + "-" + i;
      fakes.put("redrive:" + api.provider() + ":" + account, fake);
      arguments.add(api.name());
      arguments.add(Api.argument(api.settings(fake).with(ProviderSetting.ACCOUNT, account)));
    }
  }

  private EmbeddedPostgres startServer(int port) {
    try {
      return EmbeddedPostgres.builder()
          .setPort(port == 0 ? freePort() : port)
          .setDataDirectory(folder)
          .setCleanDataDirectory(false)
          .setServerConfig("max_connections", "100")
          .setPGStartupWait(Duration.ofSeconds(60))
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new java.net.ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Starts a machine, and waits until it runs. */
  ChildProcess start(Duration ahead) {
    ChildProcess machine = MachineProcess.start(database(), every, lease, ahead, rate, arguments);
    all.add(machine);
    machine.awaitOutput(MachineProcess.READY);
    return machine;
  }

  String database() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** The tasks, one per account, and their fakes. */
  Map<String, FakeProvider> fakes() {
    return fakes;
  }

  void restartDatabase() {
    int port = server.getPort();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = startServer(port);
  }

  /** The machine that has an account now, if one has. */
  @Nullable ChildProcess holder(String task) {
    List<String> by =
        query("SELECT picked_by FROM scheduled_tasks WHERE picked AND task_name = ?", task);
    return by.isEmpty()
        ? null
        : all.stream()
            .filter(machine -> by.get(0).startsWith(machine.pid() + "@"))
            .findFirst()
            .orElse(null);
  }

  /** The accounts that a machine has now. */
  List<String> held(ChildProcess machine) {
    return query(
        "SELECT task_name FROM scheduled_tasks WHERE picked AND picked_by LIKE ?",
        machine.pid() + "@%");
  }

  /** The runs that have the turn of accounts now. */
  List<String> runs(List<String> tasks) {
    return query(
        "SELECT run FROM redrive_window w JOIN redrive_account a USING (account_no)"
            + " WHERE run IS NOT NULL AND 'redrive:' || a.provider || ':' || a.name = ANY (?)",
        (Object) tasks.toArray(String[]::new));
  }

  /** How many deliveries were last claimed by these runs, and not by another one since. */
  int claimed(List<String> runs) {
    return query(
            "SELECT s.id FROM redrive_state s JOIN redrive_run r USING (run_no) WHERE r.id = ANY (?)",
            (Object) runs.toArray(String[]::new))
        .size();
  }

  /** Waits until other machines have all of a dead one's accounts, and notes how long each took. */
  void awaitTakeOver(ChildProcess dead, List<String> accounts, long diedAt) {
    List<String> left = new ArrayList<>(accounts);
    await(
        Duration.ofSeconds(90),
        () -> {
          List<String> taken =
              left.stream()
                  .filter(
                      task ->
                          !query(
                                  "SELECT task_name FROM scheduled_tasks WHERE (picked AND"
                                      + " picked_by NOT LIKE ? OR last_success > now() - ? *"
                                      + " INTERVAL '1 ms') AND task_name = ?",
                                  dead.pid() + "@%",
                                  Duration.ofNanos(System.nanoTime() - diedAt).toMillis(),
                                  task)
                              .isEmpty())
                  .toList();
          left.removeAll(taken);
          for (String unused : taken) {
            takeOvers.add(Duration.ofNanos(System.nanoTime() - diedAt));
          }
          return left.isEmpty();
        });
  }

  List<Duration> takeOvers() {
    return takeOvers.stream().sorted().toList();
  }

  List<String> query(String sql, Object... parameters) {
    List<String> values = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(database());
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  interface Condition {
    boolean holds();
  }

  static void await(Duration most, Condition condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("still waiting after " + most).isLessThan(end);
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  int lost() {
    return fakes.values().stream().mapToInt(fake -> fake.endpoint().neverDelivered().size()).sum();
  }

  int twice() {
    return fakes.values().stream()
        .mapToInt(fake -> fake.endpoint().deliveredMoreThanOnce().size())
        .sum();
  }

  /** The most retry requests within any second, at all fakes together. */
  int peakRate() {
    List<Instant> times =
        fakes.values().stream()
            .flatMap(fake -> fake.requests(Operation.RETRY).stream())
            .map(RecordedRequest::at)
            .sorted()
            .toList();
    Deque<Instant> second = new ArrayDeque<>();
    int peak = 0;
    for (Instant time : times) {
      second.add(time);
      while (!second.element().plusSeconds(1).isAfter(time)) {
        second.remove();
      }
      peak = Math.max(peak, second.size());
    }
    return peak;
  }

  /** Ends the machines that run; each must stop cleanly and leave no account behind. */
  void end() {
    List<ChildProcess> alive = all.stream().filter(ChildProcess::isAlive).toList();
    alive.forEach(ChildProcess::endInput);
    for (ChildProcess machine : alive) {
      assertThat(machine.await()).as(machine.output()).isZero();
      assertThat(machine.output()).contains(MachineProcess.ENDED);
      assertThat(held(machine)).isEmpty();
    }
  }

  @Override
  public void close() {
    all.forEach(ChildProcess::close);
    fakes.values().forEach(FakeProvider::close);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
