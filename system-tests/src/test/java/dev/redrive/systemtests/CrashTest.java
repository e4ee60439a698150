package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A recovery is killed at seeded points and run again: no event may be delivered twice, none may be
 * lost. {@code mvn verify} takes a few points, {@code mvn verify -Pcrash} all of them.
 */
class CrashTest {
  private static final int POINTS = Integer.getInteger("redrive.crash.points", 3);
  private static final int FAILURES = 30;
  private static final int MOST_RUNS = 2;

  /** Requests that a whole recovery makes at the least, over all accounts. */
  private static final int REQUESTS = 150;

  private static EmbeddedPostgres postgres;

  @TempDir Path folder;

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  /** Where a process is killed: at one of its requests, and at a moment of it. */
  record Point(int seed, int request, Moment moment) {
    enum Moment {
      BEFORE_THE_WORK,
      AFTER_THE_WORK,
      SHORTLY_AFTER
    }

    static Stream<Point> some() {
      return IntStream.range(0, POINTS).mapToObj(Point::of);
    }

    private static Point of(int seed) {
      var random = new SplittableRandom(seed + 1);
      // One point of each stretch of the recovery, so that few points cover all phases too.
      int stretch = Math.max(1, REQUESTS / POINTS);
      return new Point(
          seed,
          1 + seed * stretch % REQUESTS + random.nextInt(stretch),
          Moment.values()[seed % Moment.values().length]);
    }
  }

  static Stream<Point> points() {
    return Point.some();
  }

  @ParameterizedTest
  @MethodSource("points")
  void noEventIsDeliveredTwiceOrLost_whenKilledAndRunAgainOnH2(Point point) {
    killAndResume(point, "jdbc:h2:file:" + folder.resolve("ledger"));
  }

  @ParameterizedTest
  @MethodSource("points")
  void noEventIsDeliveredTwiceOrLost_whenKilledAndRunAgainOnPostgres(Point point) throws Exception {
    killAndResume(point, freshDatabase("crash" + point.seed()));
  }

  @Test
  void noEventIsDeliveredTwiceOrLost_whenTwoProcessesShareALedger() throws Exception {
    String ledger = freshDatabase("shared");
    try (Fakes fakes = Fakes.start(99);
        ChildProcess one = fakes.recover(ledger);
        ChildProcess other = fakes.recover(ledger)) {
      assertThat(one.await()).as(one.output()).isIn(0, RecoveryProcess.INCOMPLETE);
      assertThat(other.await()).as(other.output()).isIn(0, RecoveryProcess.INCOMPLETE);
      fakes.assertEachEventDeliveredOnce(one.output() + other.output());
    }
  }

  private static String freshDatabase(String name) throws Exception {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return postgres.getJdbcUrl("postgres", name);
  }

  private static void killAndResume(Point point, String ledger) {
    try (Fakes fakes = Fakes.start(point.seed())) {
      try (ChildProcess first = fakes.recover(ledger)) {
        fakes.killAt(point, first);
        first.await();
      }
      fakes.endFaults();
      int exit = RecoveryProcess.INCOMPLETE;
      String report = "";
      for (int i = 0; i < MOST_RUNS && exit == RecoveryProcess.INCOMPLETE; i++) {
        try (ChildProcess next = fakes.recover(ledger)) {
          exit = next.await();
          report = next.output();
        }
      }
      assertThat(exit).as(report).isIn(0, RecoveryProcess.INCOMPLETE);
      fakes.assertEachEventDeliveredOnce(report);
    }
  }

  /** All fakes with a mass failure behind them. */
  private static final class Fakes implements AutoCloseable {
    private final Map<Api, FakeProvider> fakes = new EnumMap<>(Api.class);

    static Fakes start(long seed) {
      var started = new Fakes();
      for (Api api : Api.values()) {
        FakeProvider fake = api.start(builder -> builder.seed(seed));
        fake.failures(FAILURES);
        fake.endpoint().up();
        started.fakes.put(api, fake);
      }
      return started;
    }

    ChildProcess recover(String ledger) {
      List<String> arguments = new ArrayList<>(List.of(ledger));
      fakes.forEach(
          (api, fake) -> arguments.addAll(List.of(api.name(), fake.baseUrl(), api.key(fake))));
      return ChildProcess.start(RecoveryProcess.class, List.of("-Xmx128m"), arguments);
    }

    /** Kills the process when it makes its n-th request, whichever fake that meets. */
    void killAt(Point point, ChildProcess process) {
      var requests = new AtomicInteger();
      for (FakeProvider fake : fakes.values()) {
        for (Operation operation : Operation.values()) {
          fake.onRequest(
              operation,
              () -> {
                if (requests.incrementAndGet() == point.request()) {
                  strike(point, fake, process);
                }
              });
        }
      }
    }

    private static void strike(Point point, FakeProvider fake, ChildProcess process) {
      switch (point.moment()) {
        case BEFORE_THE_WORK -> process.kill();
        case AFTER_THE_WORK ->
            fake.faults().onAny().inject(Fault.delay(Duration.ofSeconds(1)).workDone());
        case SHORTLY_AFTER -> {}
      }
      if (point.moment() != Point.Moment.BEFORE_THE_WORK) {
        var killer =
            new Thread(
                () -> {
                  LockSupport.parkNanos(
                      Duration.ofMillis(
                              new SplittableRandom(point.seed())
                                  .nextInt(point.moment() == Point.Moment.AFTER_THE_WORK ? 50 : 10))
                          .toNanos());
                  process.kill();
                });
        killer.start();
      }
    }

    void endFaults() {
      fakes.values().forEach(fake -> fake.faults().clear());
    }

    void assertEachEventDeliveredOnce(String report) {
      fakes.forEach(
          (api, fake) -> {
            assertThat(fake.endpoint().deliveredMoreThanOnce()).as(api + " " + report).isEmpty();
            assertThat(fake.endpoint().neverDelivered()).as(api + " " + report).isEmpty();
          });
    }

    @Override
    public void close() {
      fakes.values().forEach(FakeProvider::close);
    }
  }
}
