package dev.redrive.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How many deliveries a second each ledger takes in, and how many through claim, result and
 * outcome, and the CPU time of this JVM for the latter (PostgreSQL's own not included). Used as a
 * recovery uses it: one thread claims what eight requests take, eight record what came of one
 * request each, one reads outcomes. The median of five passes counts. Arguments: deliveries
 * (20,000), how many one request sends (50), and how many outcomes are read at once (500).
 */
public final class LedgerBenchmark {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Account ACCOUNT = new Account("chatt2me", "api.chatt2.me");
  private static final int ADMISSION = 500;
  private static final int REQUESTS = 8;
  private static final int WARM_UP = 120_000;
  private static final int PASSES = 5;
  private static final OperatingSystemMXBean JVM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private LedgerBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    int deliveries = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000;
    var load =
        new Load(
            arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50,
            arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500);
    print(
        "%-12s %8s %8s %14s %18s %22s%n",
        "ledger", "sent", "read", "admitted/s", "taken through/s", "CPU us/taken through");
    Path folder = Files.createTempDirectory("redrive-ledger");
    try {
      measure("SQLite file", () -> JdbcLedger.open(folder.resolve("ledger")), deliveries, load);
    } finally {
      Folders.delete(folder);
    }
    try (EmbeddedPostgres postgres = postgres()) {
      String url = postgres.getJdbcUrl("postgres", "postgres");
      measure("PostgreSQL", () -> JdbcLedger.open(url), deliveries, load);
    }
    measure("memory", InMemoryLedger::new, deliveries, load);
  }

  /** How many deliveries one request sends, and of how many the outcomes are read at once. */
  private record Load(int sent, int read) {}

  /** A server that waits for its disk; the embedded one does not by itself. */
  private static EmbeddedPostgres postgres() throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .start();
  }

  private static void measure(String name, Supplier<RetryLedger> open, int deliveries, Load load) {
    try (RetryLedger ledger = open.get()) {
      pass(ledger, "warm-up", WARM_UP, load);
      Speed speed =
          IntStream.range(0, PASSES)
              .mapToObj(i -> pass(ledger, "measured " + i, deliveries, load))
              .sorted(Comparator.comparingLong(Speed::takenThrough))
              .skip(PASSES / 2)
              .findFirst()
              .orElseThrow();
      print(
          "%-12s %8d %,8d %,14d %,18d %,22d%n",
          name,
          load.sent(),
          load.read(),
          speed.admitted(),
          speed.takenThrough(),
          speed.cpuMicros());
    }
  }

  private record Speed(long admitted, long takenThrough, long cpuMicros) {}

  private static Speed pass(RetryLedger ledger, String run, int deliveries, Load load) {
    List<FailedDelivery> failures = failures(run, deliveries);
    ledger.begin(new LedgerRun(run, List.of(ACCOUNT), START));
    long begun = System.nanoTime();
    for (int i = 0; i < deliveries; i += ADMISSION) {
      List<FailedDelivery> listed = failures.subList(i, Math.min(deliveries, i + ADMISSION));
      ledger.admit(run, ACCOUNT, listed, RetryLedger.Round.FIRST);
    }
    long admitted = System.nanoTime();
    long cpu = JVM.getProcessCpuTime();
    ExecutorService requests = Executors.newFixedThreadPool(REQUESTS);
    var recorded = new Semaphore(0);
    long through;
    try {
      CompletableFuture<Long> verified =
          CompletableFuture.supplyAsync(() -> verify(ledger, run, deliveries, load, recorded));
      send(ledger, run, load, requests, recorded);
      through = verified.join();
    } finally {
      requests.shutdown();
    }
    long ended = System.nanoTime();
    long cpuUsed = JVM.getProcessCpuTime() - cpu;
    if (through != deliveries) {
      throw new IllegalStateException(through + " of " + deliveries + " deliveries came through");
    }
    return new Speed(
        perSecond(deliveries, admitted - begun),
        perSecond(deliveries, ended - admitted),
        TimeUnit.NANOSECONDS.toMicros(cpuUsed / deliveries));
  }

  /** Claims the next while the last are recorded. */
  private static void send(
      RetryLedger ledger, String run, Load load, ExecutorService requests, Semaphore recorded) {
    List<CompletableFuture<Void>> underWay = List.of();
    List<LedgerEntry> claimed = claim(ledger, run, load);
    while (!claimed.isEmpty()) {
      underWay.forEach(CompletableFuture::join);
      List<CompletableFuture<Void>> sent = new ArrayList<>();
      for (int i = 0; i < claimed.size(); i += load.sent()) {
        List<LedgerEntry> request = claimed.subList(i, Math.min(claimed.size(), i + load.sent()));
        sent.add(
            CompletableFuture.runAsync(
                () -> {
                  ledger.record(run, request, each(request, LedgerBenchmark::accepted));
                  recorded.release(request.size());
                },
                requests));
      }
      underWay = sent;
      claimed = claim(ledger, run, load);
    }
    underWay.forEach(CompletableFuture::join);
  }

  private static List<LedgerEntry> claim(RetryLedger ledger, String run, Load load) {
    return ledger.claim(
        run,
        ACCOUNT,
        RetryLedger.Grouping.ANY,
        load.sent() * REQUESTS,
        START,
        Duration.ofMinutes(1));
  }

  private static long verify(
      RetryLedger ledger, String run, int deliveries, Load load, Semaphore recorded) {
    long through = 0;
    while (through < deliveries) {
      recorded.acquireUninterruptibly((int) Math.min(load.read(), deliveries - through));
      List<LedgerEntry> open = ledger.unsettled(run, ACCOUNT, 0, load.read());
      ledger.settle(run, open, each(open, LedgerBenchmark::delivered), START);
      through += open.size();
    }
    return through;
  }

  private static <T> List<T> each(List<LedgerEntry> entries, Function<LedgerEntry, T> answer) {
    return entries.stream().map(answer).toList();
  }

  private static RetryResult accepted(LedgerEntry entry) {
    return RetryResult.accepted(entry.delivery(), newLog(entry), START);
  }

  private static RetryOutcome delivered(LedgerEntry entry) {
    DeliveryKey key = new DeliveryKey(ACCOUNT.provider(), ACCOUNT.name(), newLog(entry));
    return RetryOutcome.of(
        entry.toResult(), WebhookLog.builder(key, DeliveryStatus.SUCCEEDED).build());
  }

  private static String newLog(LedgerEntry entry) {
    return uuid("retry of " + entry.key().id());
  }

  private static List<FailedDelivery> failures(String run, int count) {
    return IntStream.range(0, count).mapToObj(i -> failure(run, i)).toList();
  }

  private static FailedDelivery failure(String run, int number) {
    DeliveryKey key = new DeliveryKey(ACCOUNT.provider(), ACCOUNT.name(), uuid(run + " " + number));
    Instant created = START.minusSeconds(number);
    return FailedDelivery.of(
        WebhookLog.builder(key, DeliveryStatus.FAILED)
            .webhook(uuid("webhook " + number % 5), null, "https://example.com/hooks/orders")
            .event(uuid("message " + run + number), "MessageStatus")
            .httpStatus(503)
            .createdAt(created)
            .attemptedAt(created)
            .build());
  }

  private static String uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static long perSecond(long count, long nanos) {
    return count * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nanos);
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
