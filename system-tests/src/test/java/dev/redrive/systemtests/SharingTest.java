package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one ledger, all at once: each does a part, and together they do it all. */
class SharingTest {
  private static final Api API = Api.named("chatt2me");
  private static final int PROCESSES = Integer.getInteger("redrive.sharing.processes", 3);
  private static final int FAILURES = Integer.getInteger("redrive.sharing.failures", 1_000);
  private static final int BATCH = 10;

  /** So long that no request is given up on a busy machine. */
  private static final Duration LEASE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void eachDoesAPart_whenProcessesShareAnSqliteFile() {
    share("SQLite", folder.resolve("ledger").toString());
  }

  @Test
  void eachDoesAPart_whenProcessesShareAPostgresDatabase() {
    share("PostgreSQL", Postgres.newDatabase("sharing"));
  }

  private static void share(String name, String ledger) {
    long begin = System.nanoTime();
    SharingProcess.open(ledger).close();
    List<ChildProcess> processes = new ArrayList<>();
    try (Fakes fakes = Fakes.start(7, List.of(API))) {
      fakes.of(API).failures(FAILURES);
      fakes.each(fake -> fake.latency(Duration.ofMillis(20)));
      for (int i = 0; i < PROCESSES; i++) {
        processes.add(SharingProcess.start(ledger, BATCH, LEASE, fakes));
      }
      processes.forEach(process -> process.say(SharingProcess.TOGETHER));
      processes.forEach(process -> process.awaitOutput(SharingProcess.PLANNED));
      long planned = System.nanoTime();
      processes.forEach(ChildProcess::go);
      processes.forEach(ChildProcess::endInput);

      List<Shared> reports = new ArrayList<>();
      for (ChildProcess process : processes) {
        assertThat(process.await()).as(process.output()).isZero();
        reports.addAll(Shared.of(process));
      }
      String parts =
          reports.stream().map(report -> Long.toString(report.count("delivered"))).toList()
              + " delivered by "
              + PROCESSES
              + " processes on "
              + name;
      System.out.printf(
          "%s; all listed after %d ms, done %d ms later%n",
          parts, millis(planned - begin), millis(System.nanoTime() - planned));
      assertThat(reports).hasSize(PROCESSES);
      for (Shared report : reports) {
        report.assertAllDelivered();
        assertThat(report.count("found")).as("%s", report).isEqualTo(FAILURES);
        assertThat(report.count("delivered")).as(parts).isPositive();
      }
      assertThat(Shared.sum(reports, "delivered")).as(parts).isEqualTo(FAILURES);
      fakes.assertEachEventDeliveredOnce(parts);
      assertThat(fakes.of(API).endpoint().resends()).as(parts).isEqualTo(FAILURES);
    } finally {
      processes.forEach(ChildProcess::close);
    }
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }
}
