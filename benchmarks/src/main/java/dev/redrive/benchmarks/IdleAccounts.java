package dev.redrive.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.dbscheduler.CatchUpScheduler;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What it costs to catch up many accounts at which nothing fails: a child process has a client for
 * each, db-scheduler and a ledger on PostgreSQL; the server and the fake Chatt2.me are outside it.
 * Arguments: accounts (500), seconds between the rounds of an account (60), periods to measure (3),
 * after two to warm up.
 */
public final class IdleAccounts {
  private static final int WARM_UP = 2;

  private IdleAccounts() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int accounts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 500;
    int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 60;
    int periods = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
    try (FakeChatt2me fake = FakeChatt2me.builder().recordedRequests(0).start();
        EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String database = postgres.getJdbcUrl("postgres", "postgres");
      var most = new AtomicInteger();
      var unused =
          sampler.scheduleAtFixedRate(
              () -> most.accumulateAndGet(connections(database), Math::max),
              0,
              250,
              TimeUnit.MILLISECONDS);
      Process child =
          new ProcessBuilder(
                  FakeProcess.java(
                      List.of("-Xmx256m"),
                      Machine.class,
                      List.of(
                          database,
                          fake.baseUrl(),
                          fake.apiKey(),
                          "" + accounts,
                          "" + seconds,
                          "" + (WARM_UP + periods))))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      System.out.printf(
          "%d accounts, a round of each every %d s; for each such period:%n", accounts, seconds);
      var lines =
          new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
      long before = 0;
      int period = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long requests = fake.requestCount();
        System.out.printf(
            Locale.ROOT,
            "%s %,d requests, at most %d connections to the database, %s%n",
            ++period <= WARM_UP ? "(warm-up)" : "         ",
            requests - before,
            most.getAndSet(0),
            line);
        before = requests;
      }
      System.out.println("exit " + child.waitFor());
    } finally {
      sampler.shutdownNow();
    }
  }

  /** Those of the child: all but the one that asks. */
  private static int connections(String database) {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The machine: database, base URL, key, accounts, seconds between rounds, periods. */
  static final class Machine {
    /** With the ledger's four, ten in all. */
    private static final int CONNECTIONS = 6;

    private static final OperatingSystemMXBean JVM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private Machine() {}

    public static void main(String[] arguments) throws InterruptedException {
      Duration every = Duration.ofSeconds(Long.parseLong(arguments[4]));
      List<WebhookRetryClient> clients = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
        clients.add(
            Chatt2meClient.builder()
                .baseUrl(arguments[1])
                .apiKey(arguments[2])
                .account("account-" + i)
                .build());
      }
      var config = new HikariConfig();
      config.setJdbcUrl(arguments[0]);
      config.setMaximumPoolSize(CONNECTIONS);
      try (var source = new HikariDataSource(config);
          RetryLedger ledger = JdbcLedger.open(arguments[0]);
          var scheduler =
              CatchUpScheduler.builder(
                      source, CatchUp.of(Recovery.of(clients).ledger(ledger)).build())
                  .every(every)
                  .build()) {
        scheduler.start();
        long cpu = JVM.getProcessCpuTime();
        for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
          Thread.sleep(every.toMillis());
          long now = JVM.getProcessCpuTime();
          System.out.printf(
              Locale.ROOT,
              "%.1f s of CPU, %d threads, %d MB of heap in use after a collection%n",
              (now - cpu) / 1e9,
              ManagementFactory.getThreadMXBean().getThreadCount(),
              used() / 1_000_000);
          cpu = JVM.getProcessCpuTime();
        }
      }
      clients.forEach(WebhookRetryClient::close);
    }

    private static long used() {
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }
}
