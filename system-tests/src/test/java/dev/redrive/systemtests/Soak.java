package dev.redrive.systemtests;

import static java.util.Collections.disjoint;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.systemtests.Disturbances.Disturbance;
import dev.redrive.testkit.Endpoint;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import dev.redrive.testkit.RecordedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One round of a soak: a mass failure, and processes on one ledger that recover it while they are
 * disturbed. First each makes some runs, none of which may send anything that another one has sent;
 * then each sends once more what failed again; then all is well, and the last process ends the
 * work.
 */
final class Soak implements AutoCloseable {
  /** The provider whose endpoint breaks down. */
  private static final Api BUSY = Api.named("chatt2me");

  static final List<Api> APIS =
      List.of(
          BUSY, Api.named("baanx"), Api.named("voiso"), Api.named("github"), Api.named("keycloak"));

  private static final int RUNS = 3;
  private static final int BATCH = 10;
  private static final int FEW = 12;

  private static final Duration LEASE = Duration.ofSeconds(3);

  /** Longer than any claim or sign of life holds. */
  private static final Duration STANDSTILL = LEASE.plusSeconds(1);

  private static final Duration RECONNECT = Duration.ofSeconds(10);

  private static final String RUNS_DONE = "runs done";
  private static final String ROUND_DONE = "another round done";
  private static final String ALL_DONE = "all done";

  private final String name;
  private final String ledger;
  private final Size size;
  private final Fakes fakes;
  private final long seed;
  private final Dropper dropper;
  private final Disturbances disturbances = new Disturbances();
  private final Map<Api, List<String>> failures = new LinkedHashMap<>();
  private final List<ChildProcess> processes = new ArrayList<>();
  private final Map<ChildProcess, String> fates = new HashMap<>();
  private final Optional<ChildProcess> killed;
  private final ChildProcess stopped;

  /** Takes the place of the killed one, if there is one, and ends the work. */
  private final ChildProcess last;

  /**
   * How much there is to do, and for how many.
   *
   * @param processes how many processes recover at a time
   * @param kills whether one of them is killed, and another one takes its place
   * @param many failures at the provider whose endpoint breaks down
   */
  record Size(int processes, boolean kills, int many) {
    static final Size SHORT = new Size(2, false, 240);
    static final Size LONG = new Size(3, true, 600);
  }

  /** Ends the connections to a database; how many there were. */
  interface Dropper {
    int drop(String database);
  }

  Soak(String name, String ledger, Size size, Fakes fakes, long seed, Dropper dropper) {
    this.name = name;
    this.ledger = ledger;
    this.size = size;
    this.fakes = fakes;
    this.seed = seed;
    this.dropper = dropper;
    for (Api api : APIS) {
      failures.put(api, fakes.of(api).failures(api == BUSY ? size.many : FEW));
    }
    int all = size.processes + (size.kills ? 1 : 0);
    for (int i = 0; i < all; i++) {
      processes.add(SharingProcess.start(ledger, BATCH, LEASE, fakes));
    }
    killed = size.kills ? Optional.of(processes.get(0)) : Optional.empty();
    stopped = processes.get(size.kills ? 1 : 0);
    last = processes.get(all - 1);
  }

  void run() {
    processes.forEach(process -> process.awaitOutput(SharingProcess.READY));
    long begin = System.nanoTime();
    disturb();
    List<ChildProcess> first = processes.subList(0, size.processes);
    first.forEach(Soak::makeRuns);
    first.stream().filter(this::lives).forEach(process -> process.awaitOutput(RUNS_DONE));
    disturbances.assertAllHappened();
    last.awaitOutput(RUNS_DONE);
    List<ChildProcess> living = processes.stream().filter(this::lives).toList();
    killed.ifPresent(
        process -> assertThat(process.await()).as(process.output()).isEqualTo(ChildProcess.KILLED));
    assertNoneWasSentTwice();

    living.forEach(process -> process.say(SharingProcess.ANOTHER));
    living.forEach(process -> process.say(ROUND_DONE));
    living.forEach(process -> process.awaitOutput(ROUND_DONE));

    fakes.each(fake -> fake.faults().clear());
    fakes.each(fake -> fake.endpoint().up());
    for (ChildProcess process : living.subList(0, living.size() - 1)) {
      process.endInput();
      assertThat(process.await()).as(process.output()).isZero();
    }
    last.say(SharingProcess.FIRST);
    last.say(SharingProcess.ANOTHER);
    last.say(ALL_DONE);
    last.awaitOutput(ALL_DONE);
    last.endInput();
    assertThat(last.await()).as(last.output()).isZero();
    print(Duration.ofNanos(System.nanoTime() - begin));
    assertAllIsWell();
  }

  private boolean lives(ChildProcess process) {
    return !killed.equals(Optional.of(process));
  }

  /** Which can be dropped, so that a run ends with that; another one is made in its place. */
  private boolean hasConnections() {
    return ledger.startsWith("jdbc:");
  }

  private static void makeRuns(ChildProcess process) {
    for (int i = 0; i < RUNS; i++) {
      process.say(SharingProcess.FIRST);
    }
    process.say(RUNS_DONE);
  }

  private void disturb() {
    fakes.each(
        fake -> {
          fake.latency(Duration.ofMillis(30));
          fake.endpoint().up();
          fake.faults().on(Operation.RETRY).withProbability(0.08).inject(Fault.lostAnswer());
          fake.faults().on(Operation.RETRY).withProbability(0.04).inject(Fault.lostRequest());
          fake.faults().on(Operation.LIST).withProbability(0.02).inject(Fault.status(503));
        });
    var random = new SplittableRandom(seed);
    Endpoint endpoint = fakes.of(BUSY).endpoint();
    int fails = random.nextInt(20, 60);
    List<Disturbance> planned = new ArrayList<>();
    planned.add(
        new Disturbance("endpoint down for " + fails, () -> endpoint.down(503).upAfter(fails)));
    planned.add(new Disturbance("endpoint flapping", () -> endpoint.flapping(0.15, 503)));
    killed.ifPresent(
        process ->
            planned.add(
                new Disturbance(
                    "killed",
                    () -> {
                      process.kill();
                      makeRuns(last);
                    })));
    planned.add(
        new Disturbance(
            "stopped",
            () -> {
              stopped.stop();
              disturbances.after(STANDSTILL, stopped::resume);
            }));
    if (hasConnections()) {
      for (int i = 0; i < 2; i++) {
        planned.add(
            new Disturbance("connections dropped", () -> assertThat(dropSome()).isPositive()));
      }
    }
    disturbances.plan(seed, fakes, BUSY, size.many / BATCH * 3 / 4, planned);
    killed.ifPresent(
        process -> {
          fates.put(process, "killed");
          fates.put(last, "begun when the first was killed");
        });
    fates.put(stopped, "stopped for " + STANDSTILL.toSeconds() + " s and resumed");
  }

  /** Right after the processes have lost all of their connections, there are none for a moment. */
  private int dropSome() {
    long begin = System.nanoTime();
    int dropped = dropper.drop(name);
    while (dropped == 0 && System.nanoTime() - begin < RECONNECT.toNanos()) {
      dropped = dropper.drop(name);
    }
    return dropped;
  }

  /** No run sent what had been sent, whatever came of it. */
  private void assertNoneWasSentTwice() {
    failures.forEach(
        (api, ids) -> {
          if (api == BUSY) {
            // A log of a retry that nothing tells from others may be sent as one of its own, if the
            // retry failed.
            return;
          }
          Endpoint endpoint = fakes.of(api).endpoint();
          List<String> twice = ids.stream().filter(id -> endpoint.resends(id) > 1).toList();
          assertThat(twice).as(() -> account(api, twice)).isEmpty();
        });
  }

  /** What is known of events that did not fare as they should. */
  private String account(Api api, List<String> ids) {
    var account = new StringBuilder(this + "; " + api);
    Collection<LedgerEntry> entries = entries().values();
    List<RecordedRequest> retries = fakes.of(api).requests(Operation.RETRY);
    for (String id : ids) {
      entries.stream()
          .filter(entry -> logs(entry).contains(id))
          .flatMap(own -> entries.stream().filter(entry -> !disjoint(logs(entry), logs(own))))
          .distinct()
          .forEach(entry -> account.append("\n").append(id).append(": ").append(entry));
      retries.stream()
          .filter(
              retry ->
                  entries.stream()
                      .filter(entry -> logs(entry).contains(id))
                      .anyMatch(entry -> !disjoint(logs(entry), retry.ids())))
          .forEach(
              retry ->
                  account
                      .append("\n  requested at ")
                      .append(retry.at())
                      .append(" (")
                      .append(retry.status())
                      .append("): ")
                      .append(retry.ids()));
    }
    processes.forEach(process -> account.append("\n").append(process.output()));
    return account.toString();
  }

  /** The logs by which the ledger knows a delivery now. */
  private static Set<String> logs(LedgerEntry entry) {
    return Stream.of(entry.key().id(), entry.delivery().latest().key().id(), entry.newLogId())
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private void assertAllIsWell() {
    for (Api api : APIS) {
      Endpoint endpoint = fakes.of(api).endpoint();
      List<String> twice = endpoint.deliveredMoreThanOnce();
      assertThat(twice).as(() -> "delivered twice: " + account(api, twice)).isEmpty();
      Set<String> unknown = unknown();
      List<String> lost =
          endpoint.neverDelivered().stream().filter(id -> !unknown.contains(id)).toList();
      assertThat(lost).as(() -> "lost: " + account(api, lost)).isEmpty();
    }
    for (ChildProcess process : processes) {
      List<Shared> reports = Shared.of(process);
      reports.forEach(Shared::assertSound);
      int runs = (process == last ? 2 : 0) + RUNS + 1;
      if (lives(process)) {
        assertThat(reports).as(process.output()).hasSize(runs);
      }
      if (!hasConnections()) {
        assertThat(Shared.failedRuns(process)).as(process.output()).isZero();
      }
    }
    List<Shared> reports = Shared.of(last);
    Shared closing = reports.get(reports.size() - 2);
    assertThat(closing.count("notSent") + closing.count("pending")).as("%s", closing).isZero();
    Shared end = reports.get(reports.size() - 1);
    assertThat(end.count("failedAgain") + end.count("notSent")).as("%s", end).isZero();
    assertTheLedgerKnows();
  }

  /** The ledger knows each event, and that it is delivered. */
  private void assertTheLedgerKnows() {
    Map<DeliveryState, Integer> states = new EnumMap<>(DeliveryState.class);
    entries().values().forEach(entry -> states.merge(entry.state(), 1, Integer::sum));
    assertThat(states.keySet())
        .as("%s", this)
        .isSubsetOf(DeliveryState.DELIVERED, DeliveryState.UNKNOWN);
  }

  /** What the ledger says it cannot tell. */
  private Set<String> unknown() {
    return entries().values().stream()
        .filter(entry -> entry.state() == DeliveryState.UNKNOWN)
        .map(entry -> entry.key().id())
        .collect(Collectors.toSet());
  }

  /** All that any run was given. */
  private Map<Long, LedgerEntry> entries() {
    Map<Long, LedgerEntry> entries = new HashMap<>();
    try (RetryLedger opened = SharingProcess.open(ledger)) {
      for (LedgerRun run : opened.runs(Integer.MAX_VALUE)) {
        opened.entries(run.id(), entry -> entries.put(entry.id(), entry));
      }
    }
    return entries;
  }

  private void print(Duration took) {
    System.out.printf(
        "%s, took %d ms: %d events delivered twice, %d never delivered, of %d that the ledger calls"
            + " unknown%n",
        this, took.toMillis(), fakes.deliveredTwice(), fakes.lost(), unknown().size());
    for (int i = 0; i < processes.size(); i++) {
      ChildProcess process = processes.get(i);
      List<Shared> reports = Shared.of(process);
      System.out.printf(
          "  process %d (%s): %d runs reported, %d whose ledger failed, %d requests, %d delivered,"
              + " %d failed again, ends %s%n",
          i + 1,
          fates.getOrDefault(process, "left alone"),
          reports.size(),
          Shared.failedRuns(process),
          reports.stream().mapToLong(Shared::requests).sum(),
          Shared.sum(reports, "delivered"),
          Shared.sum(reports, "failedAgain"),
          reports.stream().map(report -> report.end().toString()).toList());
    }
  }

  @Override
  public String toString() {
    return "soak on " + name + ", seed " + seed + ": " + disturbances;
  }

  @Override
  public void close() {
    disturbances.close();
    processes.forEach(ChildProcess::close);
  }
}
