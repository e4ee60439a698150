package dev.redrive.systemtests;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.redrive.DeliveryQuery;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.dbscheduler.CatchUpScheduler;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A machine that catches up: arguments are the database, the period and the lease in ms, how many
 * seconds its clock is ahead, the rate of all machines, and for each account API and settings. It
 * says {@link #READY} when it has started, and {@link #ENDED} when it has stopped after the end of
 * its input. {@link #HEAP} has it tell how much of its heap is in use.
 */
final class MachineProcess {
  static final String READY = "ready";
  static final String ENDED = "ended";
  static final String HEAP = "heap";

  /** With the ledger's four, ten in all. */
  private static final int CONNECTIONS = 6;

  /** Voiso dates a failure by its first attempt, half an hour before the last one. */
  private static final Duration OVERLAP = Duration.ofHours(1);

  private static final Duration FIRST_WINDOW = Duration.ofHours(1);

  private MachineProcess() {}

  static ChildProcess start(
      String database,
      Duration every,
      Duration lease,
      Duration ahead,
      double rate,
      List<String> accounts) {
    List<String> arguments = new ArrayList<>();
    arguments.add(database);
    arguments.add(Long.toString(every.toMillis()));
    arguments.add(Long.toString(lease.toMillis()));
    arguments.add(Long.toString(ahead.toSeconds()));
    arguments.add(Double.toString(rate));
    arguments.addAll(accounts);
    return ChildProcess.start(MachineProcess.class, List.of("-Xmx256m"), arguments);
  }

  public static void main(String[] arguments) throws IOException {
    Duration every = Duration.ofMillis(Long.parseLong(arguments[1]));
    Duration lease = Duration.ofMillis(Long.parseLong(arguments[2]));
    Duration ahead = Duration.ofSeconds(Long.parseLong(arguments[3]));
    double rate = Double.parseDouble(arguments[4]);
    List<WebhookRetryClient> clients = new ArrayList<>();
    for (int i = 5; i < arguments.length; i += 2) {
      String timeout = lease.dividedBy(3).toString();
      clients.add(
          Api.named(arguments[i])
              .connect(
                  Api.settings(arguments[i + 1])
                      .with("requestTimeout", timeout)
                      .with("settleTime", timeout)));
    }
    var config = new HikariConfig();
    config.setJdbcUrl(arguments[0]);
    config.setMaximumPoolSize(CONNECTIONS);
    TimeSource time = new WrongTime(ahead);
    try (HikariDataSource source = new HikariDataSource(config);
        RetryLedger ledger = JdbcLedger.open(arguments[0])) {
      CatchUp catchUp =
          CatchUp.of(
                  Recovery.of(clients)
                      .query(DeliveryQuery.since(Instant.now().minus(FIRST_WINDOW)))
                      .ledger(ledger)
                      .batchSize(10)
                      .maxRate(rate)
                      .lease(lease)
                      .timeSource(time))
              .overlap(OVERLAP)
              .build();
      try (var scheduler = CatchUpScheduler.builder(source, catchUp).every(every).build()) {
        scheduler.start();
        System.out.println(READY);
        obey();
      }
    }
    clients.forEach(WebhookRetryClient::close);
    System.out.println(ENDED);
  }

  private static void obey() throws IOException {
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.gc();
      long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      System.out.println(HEAP + " " + used / 1024 / 1024 + " MB");
    }
  }

  /** The clock of a machine that is not right. */
  private record WrongTime(Duration ahead) implements TimeSource {
    @Override
    public Instant now() {
      return TimeSource.system().now().plus(ahead);
    }

    @Override
    public long nanoTime() {
      return TimeSource.system().nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      TimeSource.system().sleep(duration);
    }
  }
}
