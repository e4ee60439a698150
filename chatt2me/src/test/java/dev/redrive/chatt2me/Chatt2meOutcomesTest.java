package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Chatt2meOutcomesTest {
  private static final Duration SETTLED = Duration.ofMinutes(11);

  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private FakeChatt2me fake;
  private Chatt2meClient client;

  Chatt2meOutcomesTest() {
    start(FakeChatt2me.builder());
  }

  private void start(FakeChatt2me.Builder builder) {
    stop();
    fake = builder.clock(clock).start();
    client =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(time)
            .build();
  }

  @AfterEach
  void stop() {
    if (fake != null) {
      client.close();
      fake.close();
    }
  }

  private List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).stream().toList();
  }

  private FailedDelivery failure(String id) {
    return failures().stream().filter(d -> d.key().id().equals(id)).findFirst().orElseThrow();
  }

  private RetryResult retryWithLostAnswer(FailedDelivery delivery) {
    return retryWith(delivery, Fault.lostAnswer());
  }

  private RetryResult retryWith(FailedDelivery delivery, Fault fault) {
    fake.faults().on(Operation.RETRY).inject(fault);
    RetryResult result = client.retry(delivery);
    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    return result;
  }

  private RetryOutcome outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }

  @Test
  void newLogTellsWhetherTheRetryWasDelivered() {
    String recovered = fake.delivery().add();
    String broken = fake.delivery().add();
    fake.endpoint().answer(broken, 503);
    List<FailedDelivery> both = List.of(failure(recovered), failure(broken));
    List<RetryOutcome> outcomes = client.outcomes(client.retryAll(both));
    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.FAILED_AGAIN);
    WebhookLog log = outcomes.get(1).log();
    assertThat(log.httpStatus()).isEqualTo(503);
    assertThat(log.logId()).isEqualTo(outcomes.get(1).result().newLogId());
    assertThat(log.lineage()).isEqualTo(both.get(1).lineage());
    assertThat(log.webhookName()).isEqualTo("Webhook 1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tenThousandRetriesAreVerifiedInAsManyPagesAsTheyFill(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1).recordedRequests(0));
    fake.failures(10_000);
    fake.successes(5_000);
    List<FailedDelivery> failures = failures();
    long before = fake.requestCount();
    List<RetryResult> results = client.retryAll(failures);
    assertThat(fake.requestCount() - before).isEqualTo(200);
    fake.latency(Duration.ofMillis(2));
    before = fake.requestCount();

    List<RetryOutcome> outcomes = client.outcomes(results);

    // Behind the last page that was needed, as many as go at once may have been read ahead.
    assertThat(fake.requestCount() - before).isBetween(204L, 207L + 8);
    assertThat(fake.peakConcurrency()).isLessThanOrEqualTo(8);
    assertThat(outcomes).extracting(RetryOutcome::result).isEqualTo(results);
    assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.DELIVERED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachPageIsHandedOverAndALostRetryAtTheEnd(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    fake.failures(201);
    List<FailedDelivery> failures = failures();
    List<RetryResult> results = new ArrayList<>();
    results.add(retryWithLostAnswer(failures.get(0)));
    results.addAll(client.retryAll(failures.subList(1, 201)));
    time.advance(SETTLED);
    var handOvers = new ArrayList<List<RetryOutcome>>();

    client.outcomes(results, handOvers::add);

    // A page's first row is the last one of the page before; the lost one's new log is the last.
    assertThat(handOvers.subList(0, 4)).extracting(List::size).containsExactly(50, 49, 49, 49);
    List<RetryOutcome> last = handOvers.get(handOvers.size() - 1);
    assertThat(last).extracting(RetryOutcome::result).containsExactly(results.get(0));
    assertThat(handOvers).hasSize(6).allSatisfy(some -> assertThat(some).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outcomesAreFoundWhileNewLogsArriveBetweenPages(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(2));
    fake.failures(1_200);
    List<RetryResult> results = client.retryAll(failures());
    fake.beforeEachPage(() -> fake.traffic(9));
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void outcomesAreFoundWhileOldLogsArePurged() {
    start(FakeChatt2me.builder().oldestFirst(true).webhooks(1));
    List<String> old = fake.successes(700);
    fake.failures(400);
    List<RetryResult> results = client.retryAll(failures());
    int[] purged = {0};
    fake.beforeEachPage(
        () -> {
          for (int i = 0; i < 120 && purged[0] < old.size(); i++) {
            fake.delete(old.get(purged[0]++));
          }
        });
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void eachWebhookIsScannedOnceForAllOfItsResults() {
    start(FakeChatt2me.builder().webhooks(12));
    fake.failures(240);
    fake.successes(2_000);
    List<RetryResult> results = client.retryAll(failures());
    long before = fake.requestCount(Operation.LIST);
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
    // The first page, and once in the client's life the last one, which tells the order.
    assertThat(fake.requestCount(Operation.LIST) - before).isEqualTo(24);
  }

  @Test
  void resultsThatNeverWentOutCostNoRequest() {
    FailedDelivery failed = failure(fake.delivery().add());
    long before = fake.requestCount();
    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(
                RetryResult.rejected(failed, "no such log", time.now()),
                RetryResult.notSent(failed, "refused", time.now())));
    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(Status.REJECTED, Status.NOT_SENT);
    assertThat(outcomes).extracting(RetryOutcome::reason).containsExactly("no such log", "refused");
    assertThat(fake.requestCount()).isEqualTo(before);
  }

  @Test
  void acceptedRetryWhoseLogIsNotListedIsPendingAndThenUnknownButNeverNotSent() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = RetryResult.accepted(failed, UUID.randomUUID().toString(), time.now());
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome(result).reason()).contains("does not list its log");
  }

  @Test
  void missingLogIsLookedForNoFurtherThanTheRetriedOne() {
    start(FakeChatt2me.builder().webhooks(1));
    List<String> seeded = fake.failures(5_000);
    FailedDelivery recent = failure(seeded.get(4_900));
    RetryResult result = RetryResult.accepted(recent, UUID.randomUUID().toString(), time.now());
    long before = fake.requestCount();
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    assertThat(fake.requestCount() - before).isLessThanOrEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void orderIsFoundThoughTheFirstPageHasOneTime(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    if (oldestFirst) {
      for (int i = 0; i < 60; i++) {
        fake.delivery().at(time.now().minus(Duration.ofHours(9))).add();
      }
    }
    List<String> seeded = fake.failures(5_000);
    List<FailedDelivery> failures = failures();
    FailedDelivery recent = failure(seeded.get(4_990));
    client.retryAll(failures.subList(0, 60));
    RetryResult result = RetryResult.unknown(recent, "lost", time.now());
    long before = fake.requestCount();
    outcome(result);
    assertThat(fake.requestCount() - before).isLessThanOrEqualTo(14);
  }

  @Test
  void lostAnswerOfAMessageIsSettledByItsNewLog() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = retryWithLostAnswer(failed);
    fake.traffic(120);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
    assertThat(outcome.log().eventId()).isEqualTo(failed.latest().eventId());
    assertThat(outcome.log().logId()).isNotEqualTo(failed.key().id());
  }

  @Test
  void lostRequestIsPendingUntilItWouldBeListedAndThenNotSent() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = retryWith(failed, Fault.lostRequest());
    fake.traffic(120);
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(SETTLED);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.NOT_SENT);
    assertThat(outcome.reason()).contains("no new attempt in the provider's log");
  }

  @Test
  void lostRequestIsNoEvidenceWhileTheHubMayStillBeAtIt() {
    RetryResult result = retryWith(failure(fake.delivery().add()), Fault.lostRequest());
    time.advance(Duration.ofMinutes(9));
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    time.advance(Duration.ofMinutes(1));
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void logsThatWereThereBeforeTheRetriedOneAreNoEvidence() {
    String older = fake.delivery().at(time.now().minus(Duration.ofHours(3))).add();
    String newer =
        fake.delivery().at(time.now().minus(Duration.ofHours(1))).sameMessageAs(older).add();
    RetryResult result = retryWith(failure(newer), Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void attemptThatWasMadeBeforeTheRequestIsNoEvidence() {
    FailedDelivery failed = failure(fake.delivery().add());
    client.retry(failed);
    time.advance(Duration.ofMinutes(1));
    RetryResult lost = retryWith(failed, Fault.lostRequest());
    assertThat(outcome(lost).status()).isEqualTo(Status.PENDING);
    time.advance(SETTLED);
    assertThat(outcome(lost).status()).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void attemptThatTheRequestMadeIsEvidenceBesideAnEarlierOne() {
    fake.endpoint().down(500);
    FailedDelivery failed = failure(fake.delivery().add());
    String earlier = client.retry(failed).newLogId();
    time.advance(Duration.ofMinutes(1));
    fake.endpoint().up();
    RetryResult lost = retryWithLostAnswer(failed);
    RetryOutcome outcome = outcome(lost);
    assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
    assertThat(outcome.log().logId()).isNotEqualTo(earlier);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT7H", "PT7H"})
  void whatWasThereBeforeIsToldByTheProvidersClock(Duration ahead) {
    var ours = ManualTime.of(MutableClock.at(clock.instant().plus(ahead)));
    FailedDelivery failed = failure(fake.delivery().add());
    client.retry(failed);
    time.advance(Duration.ofMinutes(1));
    try (var other =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(ours)
            .build()) {
      fake.faults().on(Operation.RETRY).inject(Fault.lostRequest());
      RetryResult lost = other.retry(failed);
      time.advance(SETTLED);
      ours.advance(SETTLED);
      assertThat(other.outcomes(List.of(lost)).get(0).status()).isEqualTo(Status.NOT_SENT);
      fake.faults().on(Operation.RETRY).inject(Fault.lostAnswer());
      RetryResult done = other.retry(failed);
      time.advance(SETTLED);
      ours.advance(SETTLED);
      assertThat(other.outcomes(List.of(done)).get(0).status()).isEqualTo(Status.DELIVERED);
    }
  }

  @Test
  void requestThatMayHaveBegunLongAgoIsSettledByWhatWasMadeSince() {
    FailedDelivery failed = failure(fake.delivery().add());
    Instant claimed = time.now();
    retryWithLostAnswer(failed);
    time.advance(Duration.ofHours(1));
    RetryResult lost = RetryResult.unknown(failed, "the process died", time.now());
    time.advance(SETTLED);
    assertThat(outcome(lost).status()).isEqualTo(Status.NOT_SENT);
    assertThat(outcome(lost.startedAt(claimed)).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void withoutTheProvidersTimeNoAttemptIsClaimed() {
    var dateless =
        new OkHttpClient.Builder()
            .addNetworkInterceptor(
                chain -> chain.proceed(chain.request()).newBuilder().removeHeader("Date").build())
            .build();
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = retryWithLostAnswer(failed);
    try (var other =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(time)
            .okHttpClient(dateless)
            .build()) {
      RetryOutcome outcome = other.outcomes(List.of(result)).get(0);
      assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
      assertThat(outcome.reason()).contains("no time tells whether it was there before");
    }
  }

  @Test
  void newLogOfAnotherResultIsNoEvidence() {
    String first = fake.delivery().at(time.now().minus(Duration.ofHours(3))).add();
    String second =
        fake.delivery().at(time.now().minus(Duration.ofHours(1))).sameMessageAs(first).add();
    FailedDelivery a = failure(first);
    FailedDelivery b = failure(second);
    RetryResult accepted = client.retry(b);
    RetryResult lost = retryWith(a, Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(client.outcomes(List.of(lost, accepted)))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.NOT_SENT, Status.DELIVERED);
  }

  @Test
  void oneNewLogIsEvidenceForOneResultOnly() {
    String first = fake.delivery().at(time.now().minus(Duration.ofHours(3))).add();
    String second =
        fake.delivery().at(time.now().minus(Duration.ofHours(1))).sameMessageAs(first).add();
    FailedDelivery a = failure(first);
    FailedDelivery b = failure(second);
    RetryResult done = retryWithLostAnswer(a);
    RetryResult lost = retryWith(b, Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(client.outcomes(List.of(done, lost)))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"0,FAILED_AGAIN", "1,UNKNOWN"})
  void newLogThatWasItselfRetriedLaterIsStillEvidence(int webhook, Status expected) {
    fake.endpoint().down(500);
    String first = fake.delivery().webhook(fake.webhookIds().get(webhook)).add();
    RetryResult lost = retryWithLostAnswer(failure(first));
    time.advance(SETTLED);
    FailedDelivery itsLog =
        failures().stream().filter(d -> !d.key().id().equals(first)).findFirst().orElseThrow();
    RetryResult later = client.retry(itsLog);
    assertThat(client.outcomes(List.of(lost, later)))
        .extracting(RetryOutcome::status)
        .containsExactly(expected, Status.FAILED_AGAIN);
  }

  @Test
  void severalNewLogsOfAMessageLeaveItUnknown() {
    FailedDelivery failed = failure(fake.delivery().add());
    client.retry(failed);
    RetryResult result = retryWithLostAnswer(failed);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.reason()).contains("several newer attempts");
  }

  @Test
  void laterStatusOfAMessageLeavesALostAnswerUnknown() {
    String webhook = fake.webhookIds().get(1);
    String sent = fake.delivery().webhook(webhook).add();
    FailedDelivery failed = failure(sent);
    RetryResult result = retryWith(failed, Fault.lostRequest());
    fake.delivery().webhook(webhook).status(200).at(time.now()).sameMessageAs(sent).add();
    time.advance(SETTLED);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.log()).isNull();
    assertThat(outcome.reason()).contains("may be the retry or a later status");
  }

  @Test
  void statusEventWithoutAnyNewerLogOfItsMessageWasNotSent() {
    String webhook = fake.webhookIds().get(1);
    String sent = fake.delivery().webhook(webhook).at(time.now().minus(Duration.ofHours(3))).add();
    String read =
        fake.delivery()
            .webhook(webhook)
            .at(time.now().minus(Duration.ofHours(2)))
            .sameMessageAs(sent)
            .add();
    // The later status is a delivery of its own, and accounted for.
    List<RetryResult> results = new ArrayList<>();
    results.add(retryWith(failure(sent), Fault.lostRequest()));
    results.add(retryWith(failure(read), Fault.lostRequest()));
    time.advance(SETTLED);
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.NOT_SENT);
  }

  @Test
  void eventWithoutMessageIdIsNotSentOnlyIfNothingNewerWithoutOneIsThere() {
    String id = fake.delivery().withoutMessage().add();
    RetryResult result = retryWith(failure(id), Fault.lostRequest());
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
    fake.delivery().status(200).at(time.now()).add();
    assertThat(outcome(result).status()).isEqualTo(Status.NOT_SENT);
    fake.delivery().withoutMessage().status(200).at(time.now()).add();
    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome(result).reason()).contains("without message id");
  }

  @Test
  void acceptedRetryWithoutLogIdIsFoundByItsMessageButNeverNotSent() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult result = RetryResult.accepted(failed, null, time.now());
    time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(Status.UNKNOWN);
    client.retry(failed);
    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
  }

  @Test
  void sameResultGivenTwiceHasTheSameOutcome() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult lost = retryWithLostAnswer(failed);
    List<RetryOutcome> outcomes = client.outcomes(List.of(lost, lost));
    assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.DELIVERED);
    assertThat(outcomes.get(0).log()).isEqualTo(outcomes.get(1).log());
  }

  @Test
  void webhookThatIsGoneLeavesItsResultsUnknownAndTheOthersKnown() {
    FailedDelivery stays = failure(fake.delivery().add());
    FailedDelivery gone = failure(fake.delivery().webhook(fake.webhookIds().get(1)).add());
    List<RetryResult> results = client.retryAll(List.of(gone, stays));
    fake.faults().on(Operation.LIST, Operation.WEBHOOKS).next(2).inject(Fault.status(404));
    var one =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .timeSource(time)
            .concurrency(1)
            .build();
    try (one) {
      assertThat(one.outcomes(results))
          .extracting(RetryOutcome::status)
          .containsExactly(Status.UNKNOWN, Status.DELIVERED);
    }
  }

  @Test
  void resultsOfAnotherAccountOrWithoutWebhookAreUnknownWithoutRequest() {
    FailedDelivery failed = failure(fake.delivery().add());
    RetryResult accepted = client.retry(failed);
    long before = fake.requestCount();
    try (var other =
        Chatt2meClient.builder()
            .apiKey(fake.apiKey())
            .baseUrl(fake.baseUrl())
            .account("other")
            .build()) {
      assertThat(other.outcomes(List.of(accepted)).get(0).reason())
          .contains("belongs to chatt2me at");
    }
    var nowhere =
        FailedDelivery.of(WebhookLog.builder(failed.key(), failed.latest().status()).build());
    RetryOutcome outcome = outcome(RetryResult.accepted(nowhere, "x", time.now()));
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.reason()).contains("webhook is not known");
    assertThat(fake.requestCount()).isEqualTo(before);
  }

  @Test
  void outcomesFailWhenTheProviderCannotBeRead() {
    RetryResult result = client.retry(failure(fake.delivery().add()));
    fake.faults().on(Operation.LIST).always().inject(Fault.status(503));
    assertThatThrownBy(() -> outcome(result)).isInstanceOf(ProviderUnavailableException.class);
  }

  @Test
  void deliveryRebuiltFromALedgerIsRetriedAndSettled() {
    WebhookLog original = failure(fake.delivery().add()).latest();
    WebhookLog rebuilt =
        WebhookLog.builder(original.key(), original.status())
            .lineage(original.lineage())
            .webhook(original.webhookId(), null, original.endpoint())
            .event(original.eventId(), original.eventType())
            .createdAt(original.createdAt())
            .build();
    RetryResult result = retryWithLostAnswer(FailedDelivery.of(rebuilt));
    assertThat(outcome(result).status()).isEqualTo(Status.DELIVERED);
  }
}
