package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.FastTime;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Faults;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every fault, in every phase, at every provider: the recovery's report accounts for each delivery,
 * and after one further run without the fault no event was delivered twice and none is lost.
 */
@Execution(ExecutionMode.CONCURRENT)
class FaultTest {
  private static final int FAILURES = 10;
  private static final int BATCH = 5;

  /** One with the fault, one that ends the work. */
  private static final int RUNS = 2;

  /** What a recovery is doing when a request of it meets the fault. */
  private enum Doing {
    COLLECTING(3),
    CHECKING_WEBHOOKS(3),
    CANARY(3),
    SENDING(0),
    VERIFYING(0);

    private final int canary;

    Doing(int canary) {
      this.canary = canary;
    }

    boolean isDoneAt(Api api) {
      return this != CHECKING_WEBHOOKS || api.traits().can(Capability.WEBHOOKS);
    }

    void inject(Fault fault, FakeProvider fake, Api api) {
      Faults faults = fake.faults();
      switch (this) {
        // Baanx lists events first, then reads the attempts of each.
        case COLLECTING ->
            faults
                .on(Operation.LIST, Operation.READ)
                .nth(api.provider().equals("baanx") ? 2 : 1)
                .inject(fault);
        case CHECKING_WEBHOOKS -> faults.on(Operation.WEBHOOKS).inject(fault);
        case CANARY -> faults.on(Operation.RETRY).nth(2).inject(fault);
        case SENDING -> faults.on(Operation.RETRY).inject(fault);
        case VERIFYING -> {
          var sent = new AtomicBoolean();
          fake.onRequest(
              Operation.RETRY,
              () -> {
                if (sent.compareAndSet(false, true)) {
                  faults.on(Operation.LIST, Operation.READ).inject(fault);
                }
              });
        }
      }
    }
  }

  private static Map<String, Fault> faults() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    faults.put("request lost", Fault.lostRequest());
    faults.put("answer lost", Fault.lostAnswer());
    for (int status : List.of(400, 401, 403, 404, 408, 409, 422, 429, 500, 504)) {
      faults.put("HTTP " + status, Fault.status(status));
    }
    faults.put("HTTP 500 though done", Fault.status(500).workDone());
    faults.put("HTTP 503 with Retry-After: 0", Fault.status(503).retryAfter("0"));
    faults.put("HTTP 429 for an hour", Fault.status(429).retryAfter(Duration.ofHours(1)));
    faults.put("proxy's page", Fault.proxyPage());
    faults.put("page with HTTP 200", Fault.htmlPage());
    faults.put("malformed JSON", Fault.malformedJson().workNotDone());
    faults.put("malformed JSON though done", Fault.malformedJson());
    faults.put("truncated JSON though done", Fault.truncatedJson());
    faults.put("cut off though done", Fault.cutOff());
    faults.put("empty body though done", Fault.emptyBody());
    faults.put("wrong content type though done", Fault.wrongContentType());
    faults.put("oversized though done", Fault.oversizedBody(2_000_000));
    faults.put("redirect", Fault.redirect(302, "https://elsewhere.example/"));
    faults.put("unknown fields", Fault.unknownFields());
    faults.put("unknown enum values", Fault.unknownEnumValues());
    faults.put("stall though done", Fault.stall().workDone());
    return faults;
  }

  @TestFactory
  Stream<DynamicTest> noEventIsDeliveredTwiceOrLost_whateverGoesWrongOnce() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Api api : Api.all()) {
      for (Doing doing : Doing.values()) {
        if (doing.isDoneAt(api)) {
          faults()
              .forEach(
                  (name, fault) ->
                      tests.add(
                          DynamicTest.dynamicTest(
                              api + ", " + doing + ": " + name,
                              () -> recoverWith(api, doing, fault))));
        }
      }
    }
    return tests.stream();
  }

  private static void recoverWith(Api api, Doing doing, Fault fault) {
    MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    var time = new FastTime(clock);
    try (FakeProvider fake = api.start(builder -> builder.seed(5).clock(clock));
        WebhookRetryClient client =
            api.connect(
                api.settings(fake)
                    .with("requestTimeout", "0.4s")
                    .with("settleTime", "0.4s")
                    .with("maxResponseBytes", "1000000")
                    .withTimeSource(time));
        RetryLedger ledger = new InMemoryLedger(time)) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      doing.inject(fault, fake, api);

      List<RecoveryReport> reports = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        RecoveryReport report =
            Recovery.of(client)
                .ledger(ledger)
                .timeSource(time)
                .lease(Duration.ofDays(1))
                .canary(doing.canary)
                .batchSize(BATCH)
                .anotherRound()
                .build()
                .run();
        reports.add(report);
        assertThat(report.counts().addsUp()).as("%s", report).isTrue();
        time.advance(Duration.ofHours(2));
      }
      DeliveryCounts last = reports.get(RUNS - 1).counts();
      assertThat(last.notSent() + last.pending()).as("%s", reports).isZero();
      assertThat(fake.faults().injected()).as("%s", reports).isPositive();
      if (doing == Doing.SENDING && client.traits().can(Capability.BULK_RETRY)) {
        assertThat(fake.requests(Operation.RETRY).get(0).ids()).hasSizeGreaterThan(1);
      }
      String what = reports + " after " + fake.requests(Operation.RETRY);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).as(what).isEmpty();
      assertThat(fake.endpoint().neverDelivered()).as(what).isEmpty();
    }
  }
}
