package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.FastTime;
import dev.redrive.recovery.InMemoryLedger;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every fault, at every kind of request, at every provider: the recovery's report accounts for each
 * delivery, and after further runs without the fault no event was delivered twice and none is lost.
 */
class FaultTest {
  private static final int FAILURES = 30;
  private static final int RUNS = 4;

  private static Map<String, Fault> faults() {
    Map<String, Fault> faults = new LinkedHashMap<>();
    faults.put("request lost", Fault.lostRequest());
    faults.put("answer lost", Fault.lostAnswer());
    for (int status : List.of(400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504)) {
      faults.put("HTTP " + status, Fault.status(status));
    }
    faults.put("HTTP 500 though done", Fault.status(500).workDone());
    faults.put("HTTP 503 with Retry-After: 0", Fault.status(503).retryAfter("0"));
    faults.put("HTTP 429 for an hour", Fault.status(429).retryAfter(Duration.ofHours(1)));
    faults.put("proxy's page", Fault.proxyPage());
    faults.put("page with HTTP 200", Fault.htmlPage());
    faults.put("malformed JSON", Fault.malformedJson());
    faults.put("malformed JSON though done", Fault.malformedJson().workDone());
    faults.put("truncated JSON though done", Fault.truncatedJson().workDone());
    faults.put("cut off though done", Fault.cutOff().workDone());
    faults.put("empty body though done", Fault.emptyBody().workDone());
    faults.put("oversized though done", Fault.oversizedBody(2_000_000).workDone());
    faults.put("redirect", Fault.redirect(302, "https://elsewhere.example/"));
    faults.put("unknown fields", Fault.unknownFields());
    faults.put("unknown enum values", Fault.unknownEnumValues());
    faults.put("stall though done", Fault.stall().workDone());
    return faults;
  }

  @TestFactory
  Stream<DynamicTest> noEventIsDeliveredTwiceOrLost_whateverGoesWrongOnce() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Api api : Api.values()) {
      for (Operation operation : List.of(Operation.LIST, Operation.READ, Operation.RETRY)) {
        faults()
            .forEach(
                (name, fault) ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            api + ", " + operation + ": " + name,
                            () -> recoverWith(api, operation, fault))));
      }
    }
    return tests.stream();
  }

  private static void recoverWith(Api api, Operation operation, Fault fault) {
    MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    var time = new FastTime(clock);
    try (FakeProvider fake = api.start(builder -> builder.seed(5).clock(clock));
        WebhookRetryClient client =
            api.connect(
                builder ->
                    builder
                        .baseUrl(fake.baseUrl())
                        .apiKey(api.key(fake))
                        .requestTimeout(Duration.ofMillis(400))
                        .settleTime(Duration.ofSeconds(2))
                        .maxResponseBytes(1_000_000)
                        .timeSource(time));
        RetryLedger ledger = new InMemoryLedger()) {
      fake.failures(FAILURES);
      fake.endpoint().up();
      fake.faults().on(operation).nth(2).inject(fault);

      List<RecoveryReport> reports = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        RecoveryReport report =
            Recovery.of(client)
                .ledger(ledger)
                .timeSource(time)
                .lease(Duration.ofDays(1))
                .batchSize(8)
                .anotherRound()
                .build()
                .run();
        reports.add(report);
        assertThat(report.counts().addsUp()).as("%s", report).isTrue();
        time.advance(Duration.ofHours(2));
      }
      assertThat(fake.endpoint().deliveredMoreThanOnce()).as("%s", reports).isEmpty();
      assertThat(fake.endpoint().neverDelivered()).as("%s", reports).isEmpty();
    }
  }
}
