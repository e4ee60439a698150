package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.Phase;
import dev.redrive.testkit.Endpoint;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A recovery is killed at seeded points and run once again: no event may be delivered twice, none
 * may be lost. {@code mvn verify} takes a few points, {@code mvn verify -Pcrash} all of them; what
 * was struck is printed at the end.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {
  private static final int POINTS = Integer.getInteger("redrive.crash.points", 3);

  /** So many points have to meet every phase and every API. */
  private static final int ALL_POINTS = 50;

  private static final int FAILURES = 16;

  /** Requests that a run makes at the least, whatever is left to do. */
  private static final int FEWEST_REQUESTS = 10;

  private static final List<Phase> PHASES =
      List.of(Phase.SENDING, Phase.CANARY, Phase.VERIFYING, Phase.COLLECTING);

  private static final Struck ON_SQLITE = new Struck("SQLite");
  private static final Struck ON_POSTGRES = new Struck("PostgreSQL");

  @TempDir static Path undisturbed;

  /** How many requests a recovery makes in each phase at each API if nothing disturbs it. */
  private static Map<Place, Integer> usualRequests;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    usualRequests = countRequests(sqlite(undisturbed));
  }

  @AfterAll
  static void stop() {
    for (Struck struck : List.of(ON_SQLITE, ON_POSTGRES)) {
      System.out.println(struck);
      if (POINTS >= ALL_POINTS) {
        struck.assertAllWereMet();
      }
    }
    if (POINTS >= ALL_POINTS) {
      assertThat(ON_SQLITE.restartsWithinTheLease + ON_POSTGRES.restartsWithinTheLease)
          .isPositive();
    }
  }

  private static Map<Place, Integer> countRequests(String ledger) {
    Map<Place, Integer> counts = new HashMap<>();
    try (Fakes fakes = startFakes(0);
        ChildProcess process = start(fakes, ledger)) {
      fakes.onEachRequest(
          (api, fake) -> {
            synchronized (counts) {
              counts.merge(new Place(phase(process), api), 1, Integer::sum);
            }
          });
      process.go();
      assertThat(process.await()).as(process.output()).isZero();
      fakes.assertEachEventDeliveredOnce(process.output());
    }
    assertThat(counts.keySet()).extracting(Place::phase).containsAll(PHASES);
    return counts;
  }

  /** Where a recovery is: in a phase, at an API. */
  private record Place(Phase phase, Api api) {
    /** How many requests a recovery makes there as a rule. */
    int usual() {
      return usualRequests.getOrDefault(this, 0);
    }
  }

  /** Where a process is killed: at one of its requests in a phase, and at a moment of it. */
  record Point(int seed, Place place, Moment moment, Receiver receiver, boolean twice) {
    /** A place with fewer requests than this may have none in another run. */
    private static final int SURELY_SOME = 4;

    enum Moment {
      BEFORE_THE_WORK,
      AFTER_THE_WORK,
      SHORTLY_AFTER
    }

    /** The endpoint while processes are killed; the last one finds it up. */
    enum Receiver {
      UP,
      DOWN_AT_FIRST,
      FLAPPING;

      void set(Endpoint endpoint) {
        switch (this) {
          case UP -> endpoint.up();
          case DOWN_AT_FIRST -> endpoint.down(503).upAfter(2);
          case FLAPPING -> endpoint.flapping(0.25, 503);
        }
      }
    }

    private static Point of(int seed) {
      var random = new SplittableRandom(seed);
      return new Point(
          seed,
          new Place(
              PHASES.get(seed % PHASES.size()),
              Api.all().get(seed / PHASES.size() % Api.all().size())),
          Moment.values()[seed % Moment.values().length],
          Receiver.values()[random.nextInt(Receiver.values().length)],
          seed % 3 == 1);
    }

    /**
     * Whether a request counts until the kill: those of the phase to the API, or to any API if this
     * one may have too few.
     */
    boolean isMet(Phase phase, Api api) {
      return phase == place.phase() && (api == place.api() || place.usual() < SURELY_SOME);
    }

    /** Which of these requests, the last ones left out: there may be fewer than usual. */
    int request() {
      // How often outcomes are read in the end is a matter of time, and of what has failed by then.
      // How many claims one request takes is a matter of time, too.
      double share =
          switch (place.phase()) {
            case VERIFYING -> 0.15;
            case CANARY, SENDING -> 0.5;
            default -> 0.8;
          };
      int usual =
          Api.all().stream()
              .map(api -> new Place(place.phase(), api))
              .filter(each -> isMet(each.phase(), each.api()))
              .mapToInt(Place::usual)
              .sum();
      return 1 + (int) (new SplittableRandom(seed + 1).nextDouble() * share * usual);
    }
  }

  static Stream<Point> pointsOnSqlite() {
    return IntStream.range(0, POINTS).mapToObj(Point::of);
  }

  static Stream<Point> pointsOnPostgres() {
    return IntStream.range(POINTS, 2 * POINTS).mapToObj(Point::of);
  }

  @ParameterizedTest
  @MethodSource("pointsOnSqlite")
  void noEventIsDeliveredTwiceOrLost_whenKilledAndRunAgainOnSqlite(Point point) {
    killAndResume(point, sqlite(folder), ON_SQLITE);
  }

  @ParameterizedTest
  @MethodSource("pointsOnPostgres")
  void noEventIsDeliveredTwiceOrLost_whenKilledAndRunAgainOnPostgres(Point point) {
    killAndResume(point, Postgres.newDatabase("crash" + point.seed()), ON_POSTGRES);
  }

  private static String sqlite(Path folder) {
    return folder.resolve("ledger").toString();
  }

  private static void killAndResume(Point point, String ledger, Struck struck) {
    // The last process is there already, so that it starts within the lease of the killed one.
    try (Fakes fakes = startFakes(point.seed());
        ChildProcess last = start(fakes, ledger, "-D" + RecoveryProcess.ONE_RUN + "=true")) {
      fakes.each(fake -> point.receiver().set(fake.endpoint()));
      kill(fakes, ledger, point, point::isMet, point.request(), struck);
      if (point.twice()) {
        kill(
            fakes,
            ledger,
            point,
            (phase, api) -> true,
            1 + new SplittableRandom(point.seed()).nextInt(FEWEST_REQUESTS),
            struck);
      }
      fakes.each(fake -> fake.endpoint().up());
      // Keycloak would take a minute and more to repeat what has failed several times.
      fakes.each(FakeProvider::settle);
      long killed = System.nanoTime();
      var lastStarted = new AtomicLong();
      fakes.onEachRequest((api, fake) -> lastStarted.compareAndSet(0, System.nanoTime()));
      last.go();
      assertThat(last.await()).as(last.output()).isIn(0, RecoveryProcess.INCOMPLETE);
      struck.resumed(
          lastStarted.get() - killed < RecoveryProcess.LEASE.multipliedBy(2).dividedBy(3).toNanos(),
          fakes.deliveredTwice(),
          fakes.lost());
      fakes.assertEachEventDeliveredOnce(last.output());
    }
  }

  private static Fakes startFakes(long seed) {
    Fakes fakes = Fakes.start(seed, Api.all());
    fakes.each(fake -> fake.failures(FAILURES));
    return fakes;
  }

  /** A process that waits to be told to go. */
  private static ChildProcess start(Fakes fakes, String ledger, String... options) {
    List<String> arguments = new ArrayList<>(List.of(ledger));
    arguments.addAll(fakes.arguments());
    List<String> jvm = new ArrayList<>(List.of("-Xmx128m"));
    jvm.addAll(List.of(options));
    return ChildProcess.start(RecoveryProcess.class, jvm, arguments);
  }

  /** Starts a process and kills it at the n-th of some of its requests. */
  private static void kill(
      Fakes fakes,
      String ledger,
      Point point,
      BiPredicate<Phase, Api> isMet,
      int request,
      Struck struck) {
    try (ChildProcess process = start(fakes, ledger)) {
      var requests = new AtomicInteger();
      fakes.onEachRequest(
          (api, fake) -> {
            Phase phase = phase(process);
            if (isMet.test(phase, api) && requests.incrementAndGet() == request) {
              struck.met(phase, api);
              strike(point, fake, process);
            }
          });
      process.go();
      assertThat(process.await())
          .as("exit before request %s of %s: %s", request, point, process.output())
          .isEqualTo(ChildProcess.KILLED);
    }
    fakes.onEachRequest((api, fake) -> {});
    fakes.each(fake -> fake.faults().clear());
  }

  private static void strike(Point point, FakeProvider fake, ChildProcess process) {
    switch (point.moment()) {
      case BEFORE_THE_WORK -> {
        fake.faults().onAny().inject(Fault.lostRequest());
        process.kill();
        int unused = process.await();
      }
      case AFTER_THE_WORK -> {
        fake.faults().onAny().inject(Fault.delay(Duration.ofSeconds(1)).workDone());
        killWithin(Duration.ofMillis(50), point, process);
      }
      case SHORTLY_AFTER -> killWithin(Duration.ofMillis(10), point, process);
    }
  }

  private static void killWithin(Duration most, Point point, ChildProcess process) {
    long nanos = new SplittableRandom(point.seed()).nextLong(most.toNanos());
    new Thread(
            () -> {
              LockSupport.parkNanos(nanos);
              process.kill();
            })
        .start();
  }

  private static Phase phase(ChildProcess process) {
    String output = process.output();
    int at = output.lastIndexOf(RecoveryProcess.PHASE) + RecoveryProcess.PHASE.length();
    int end = output.indexOf('\n', at);
    return Phase.valueOf(output.substring(at, end < 0 ? output.length() : end));
  }

  /** What the points on one ledger met. */
  private static final class Struck {
    private final String ledger;
    private final Map<Phase, Set<Api>> met = new EnumMap<>(Phase.class);
    private int points;
    private int kills;
    private int restartsWithinTheLease;
    private int twice;
    private int lost;

    private Struck(String ledger) {
      this.ledger = ledger;
    }

    synchronized void met(Phase phase, Api api) {
      kills++;
      met.computeIfAbsent(phase, any -> new LinkedHashSet<>()).add(api);
    }

    synchronized void resumed(boolean withinTheLease, int eventsTwice, int eventsLost) {
      points++;
      restartsWithinTheLease += withinTheLease ? 1 : 0;
      twice += eventsTwice;
      lost += eventsLost;
    }

    void assertAllWereMet() {
      assertThat(met).containsKeys(PHASES.toArray(Phase[]::new));
      assertThat(met.values().stream().flatMap(Set::stream)).containsAll(Api.all());
    }

    @Override
    public String toString() {
      return String.format(
          "crash points on %s: %d, kills: %d, restarts within the lease: %d,"
              + " events delivered twice: %d, lost: %d; struck: %s",
          ledger, points, kills, restartsWithinTheLease, twice, lost, met);
    }
  }
}
