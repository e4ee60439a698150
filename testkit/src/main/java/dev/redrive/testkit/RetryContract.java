package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.RateLimitedException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries, one by one and in bulk. */
abstract class RetryContract extends OddListingContract {
  @Test
  void retry_whenTheProviderTakesIt_isAcceptedAndSentOnce() {
    FailedDelivery delivery = oneFailed();

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(result.delivery()).isEqualTo(delivery);
    assertThat(result.error()).isNull();
    assertThat(result.requestedAt()).isEqualTo(time.now());
    assertSent(delivery, 1, 1);
    assertThat(fake().requestCount(Operation.RETRY)).isEqualTo(1);
  }

  @Test
  void retry_whenTheDeliveryComesFromALedger_isAccepted() {
    FailedDelivery delivery = fromLedger(oneFailed());

    assertThat(client().retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertSent(delivery, 1, 1);
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void retry_whenTheRequestMeetsAFault_goesOutOnce(Trouble trouble) {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).always().inject(trouble.fault);

    RetryResult result = clientFor(trouble).retry(delivery);

    assertResult(trouble, result);
    assertSent(delivery, requestsUnder(trouble), trouble.fault.worked ? 1 : 0);
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void retry_whenTheRequestMeetsAFaultOnce_isSentAgainOnlyAfter429(Trouble trouble) {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).inject(trouble.fault);

    RetryResult result = clientFor(trouble).retry(delivery);

    if (trouble == Trouble.STATUS_429) {
      assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
      assertSent(delivery, 2, 1);
    } else {
      assertResult(trouble, result);
      assertSent(delivery, 1, trouble.fault.worked ? 1 : 0);
    }
  }

  @Test
  void retry_whenToldToWaitForLong_isNotSentAndSaysHowLong() {
    FailedDelivery delivery = oneFailed();
    fake()
        .faults()
        .on(Operation.RETRY)
        .always()
        .inject(Fault.status(429).retryAfter(Duration.ofMinutes(15)));

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(result.error())
        .isInstanceOfSatisfying(
            RateLimitedException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMinutes(15)));
    assertSent(delivery, 1, 0);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void retry_whenToldToWaitAgainAndAgain_endsWithinTheDeadline() {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).always().inject(Fault.status(429).retryAfter("20"));
    WebhookRetryClient client =
        client(settings -> settings.deadline(Duration.ofMinutes(1)).maxAttempts(100));

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(time.slept()).isLessThan(Duration.ofMinutes(1));
    assertSent(delivery, 3, 0);
  }

  @Test
  void retry_whenNobodyListens_isNotSent() {
    FailedDelivery delivery = oneFailed();
    fake().close();

    RetryResult result = client(settings -> {}).retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(result.reason()).isNotBlank();
    assertSent(delivery, 0, 0);
  }

  @Test
  void retryAll_whenNobodyListens_sendsNone() {
    List<FailedDelivery> deliveries = failed(12);
    fake().close();

    List<RetryResult> results = client(settings -> {}).retryAll(deliveries);

    assertThat(statuses(results)).hasSize(12).containsOnly(RetryResult.Status.NOT_SENT);
  }

  @Test
  void retry_whenTheAnswerHasUnknownFieldsAndValues_isNeverSentTwice() {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).nth(1).inject(Fault.unknownFields());
    assertThat(client().retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertSent(delivery, 1, 1);

    FailedDelivery other = oneMoreFailed();
    fake().faults().on(Operation.RETRY).nth(1).inject(Fault.unknownEnumValues());
    assertThat(client().retry(other).status())
        .isIn(RetryResult.Status.ACCEPTED, RetryResult.Status.UNKNOWN);
    assertSent(other, 1, 1);
  }

  private FailedDelivery oneMoreFailed() {
    String id = fake().failures(1).get(0);
    return listed().stream().filter(f -> f.key().id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void retryAll_whenThereIsNothing_costsNoRequest() {
    long before = fake().requestCount();

    assertThat(client().retryAll(List.of())).isEmpty();

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  void retryAll_answersEachDeliveryInOrder() {
    List<FailedDelivery> deliveries = failed(manyFailures());

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
    deliveries.forEach(delivery -> assertSent(delivery, 1, 1));
    long requests = fake().requestCount(Operation.RETRY);
    if (can(Capability.BULK_RETRY)) {
      assertThat(traits().batchSize()).isGreaterThan(1);
      int webhooks = fake().webhookIds().size();
      assertThat(requests).isLessThanOrEqualTo(deliveries.size() / traits().batchSize() + webhooks);
    } else {
      assertThat(traits().batchSize()).isEqualTo(1);
      assertThat(requests).isEqualTo(deliveries.size());
    }
  }

  @Test
  void retryAll_whenDeliveriesComeFromALedger_acceptsThem() {
    List<FailedDelivery> deliveries = failed(20).stream().map(ContractFixture::fromLedger).toList();

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
    deliveries.forEach(delivery -> assertSent(delivery, 1, 1));
  }

  @Test
  void retryAll_whenADeliveryIsNamedTwice_sendsItOnceAndAnswersBoth() {
    List<FailedDelivery> two = failed(2);
    List<FailedDelivery> deliveries =
        List.of(two.get(0), two.get(1), two.get(0), fromLedger(two.get(0)), two.get(1));

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::key))
        .isEqualTo(deliveries.stream().map(FailedDelivery::key).toList());
    assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
    two.forEach(delivery -> assertSent(delivery, 1, 1));
  }

  @Test
  void retryAll_whenSomeAreNotOfThisAccount_rejectsThemAndSendsTheRest() {
    List<FailedDelivery> good = failed(6);
    String provider = traits().provider();
    String account = client().account();
    List<FailedDelivery> bad = new ArrayList<>();
    bad.add(renamed(good.get(0), new DeliveryKey("other", account, good.get(0).key().id())));
    bad.add(renamed(good.get(1), new DeliveryKey(provider, "other", good.get(1).key().id())));
    for (String id :
        List.of("", " ", ".", "..", "../x", "a/b", "no id\n", "é\u0000", "9".repeat(300))) {
      bad.add(renamed(good.get(2), new DeliveryKey(provider, account, id)));
    }
    List<FailedDelivery> mixed = new ArrayList<>();
    for (int i = 0; i < Math.max(good.size(), bad.size()); i++) {
      bad.stream().skip(i).limit(1).forEach(mixed::add);
      good.stream().skip(i).limit(1).forEach(mixed::add);
    }

    List<RetryResult> results = client().retryAll(mixed);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(mixed);
    for (RetryResult result : results) {
      boolean isGood = good.contains(result.delivery());
      assertThat(result.status())
          .as(result.key() + ": " + result.reason())
          .isEqualTo(isGood ? RetryResult.Status.ACCEPTED : RetryResult.Status.REJECTED);
      assertThat(isGood || !String.valueOf(result.reason()).isBlank()).isTrue();
    }
    good.forEach(delivery -> assertSent(delivery, 1, 1));
    assertThat(fake().requestCount(Operation.OTHER)).isZero();
    bad.forEach(
        delivery ->
            assertThat(client().retry(delivery).status()).isEqualTo(RetryResult.Status.REJECTED));
    good.forEach(delivery -> assertSent(delivery, 1, 1));
    assertThat(fake().requestCount(Operation.OTHER)).isZero();
  }

  @Test
  void retryAll_whenTheProviderDoesNotKnowSome_rejectsThemAndSendsTheRest() {
    List<FailedDelivery> good = failed(6);
    FakeProvider elsewhere = otherFake(settings -> settings.seed(99));
    String unknown =
        elsewhere.failures(200).stream()
            .filter(id -> fake().events(id).isEmpty())
            .reduce((first, last) -> last)
            .orElseThrow();
    FailedDelivery bad =
        renamed(good.get(0), new DeliveryKey(traits().provider(), client().account(), unknown));
    List<FailedDelivery> mixed = new ArrayList<>(good);
    mixed.add(3, bad);

    List<RetryResult> results = client().retryAll(mixed);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(mixed);
    assertThat(results.get(3).status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(results.get(3).reason()).isNotBlank();
    assertThat(statuses(results).stream().filter(RetryResult.Status.ACCEPTED::equals)).hasSize(6);
    good.forEach(delivery -> assertSent(delivery, 1, 1));
    assertThat(client().retry(bad).status()).isEqualTo(RetryResult.Status.REJECTED);
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void retryAll_whenRequestsMeetAFault_sendsEachOnce(Trouble trouble) {
    List<FailedDelivery> deliveries = failed(9);
    fake().faults().on(Operation.RETRY).always().inject(trouble.fault);

    List<RetryResult> results = clientFor(trouble).retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    assertThat(statuses(results)).containsOnly(trouble.result);
    assertThat(results).allSatisfy(result -> assertThat(result.reason()).isNotBlank());
    for (FailedDelivery delivery : deliveries) {
      assertThat(fake().retryRequests(delivery.key().id()))
          .isLessThanOrEqualTo(requestsUnder(trouble));
      assertThat(fake().endpoint().resends(delivery.key().id())).isLessThanOrEqualTo(1);
    }
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void retryAll_whenOneRequestOfManyMeetsAFault_losesNoOtherResult(Trouble trouble) {
    Integer visible = traits().visibleFailures();
    int threeRequests = Math.min(300, 2 * traits().batchSize() + 10);
    List<FailedDelivery> deliveries =
        failed(visible == null ? threeRequests : Math.min(visible, threeRequests));
    fake().faults().on(Operation.RETRY).nth(2).inject(trouble.fault);

    List<RetryResult> results = clientFor(trouble).retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    Set<RetryResult.Status> others = new TreeSet<>();
    for (RetryResult result : results) {
      String id = result.key().id();
      int resends = fake().endpoint().resends(id);
      assertThat(fake().retryRequests(id))
          .isLessThanOrEqualTo(trouble == Trouble.STATUS_429 ? 2 : 1);
      switch (result.status()) {
        case ACCEPTED -> assertThat(resends).isEqualTo(1);
        case NOT_SENT, REJECTED -> assertThat(resends).isZero();
        case UNKNOWN -> assertThat(resends).isLessThanOrEqualTo(1);
      }
      others.add(result.status());
    }
    assertThat(fake().faults().injected()).isEqualTo(1);
    Set<RetryResult.Status> expected = new TreeSet<>();
    expected.add(RetryResult.Status.ACCEPTED);
    if (trouble != Trouble.STATUS_429) {
      expected.add(trouble.result);
    }
    assertThat(others).isEqualTo(expected);
  }

  @ParameterizedTest(name = "HTTP {0}")
  @ValueSource(ints = {401, 403})
  void retryAll_whenTheKeyIsRefused_stops(int status) {
    List<FailedDelivery> deliveries = failed(manyFailures());
    fake().faults().on(Operation.RETRY).always().inject(Fault.status(status));

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(statuses(results))
        .hasSize(deliveries.size())
        .containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(fake().requestCount(Operation.RETRY))
        .isLessThanOrEqualTo(traits().concurrentRetries());
    assertThat(fake().endpoint().resends()).isZero();
  }

  @Test
  void retryAll_whenRateLimitedForLong_stops() {
    List<FailedDelivery> deliveries = failed(manyFailures());
    fake()
        .faults()
        .on(Operation.RETRY)
        .always()
        .inject(Fault.status(429).retryAfter(Duration.ofMinutes(15)));

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(statuses(results))
        .hasSize(deliveries.size())
        .containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(fake().requestCount(Operation.RETRY))
        .isLessThanOrEqualTo(traits().concurrentRetries());
    assertThat(
            results.stream().map(RetryResult::error).filter(RateLimitedException.class::isInstance))
        .isNotEmpty();
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void retryAll_ofAThousandWithLostAnswers_accountsForEach() {
    assumeTrue(traits().visibleFailures() == null);
    fake(settings -> settings.recordedRequests(5_000));
    List<FailedDelivery> deliveries = failed(1_000);
    fake().faults().on(Operation.RETRY).nth(3).inject(Fault.lostAnswer());
    fake().faults().on(Operation.RETRY).nth(4).inject(Fault.lostRequest());

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    for (RetryResult result : results) {
      int resends = fake().endpoint().resends(result.key().id());
      switch (result.status()) {
        case ACCEPTED -> assertThat(resends).isEqualTo(1);
        case UNKNOWN -> assertThat(resends).isLessThanOrEqualTo(1);
        case NOT_SENT -> assertThat(resends).isZero();
        case REJECTED -> throw new AssertionError(result);
      }
    }
    if (traits().limits().isEmpty()) {
      assertThat(statuses(results)).doesNotContain(RetryResult.Status.NOT_SENT);
    }
    assertThat(statuses(results)).contains(RetryResult.Status.ACCEPTED);
    assertThat(fake().faults().injected()).isEqualTo(2);
    assertThat(fake().endpoint().resentMoreThanOnce()).isEmpty();
  }

  @Test
  void retryAll_whenAnswersAreSlow_sendsNoMoreAtOnceThanToldAndSeveralWhereItMay() {
    List<FailedDelivery> deliveries = failed(manyFailures());
    WebhookRetryClient client = client(settings -> settings.concurrency(4));
    var second = new CountDownLatch(2);
    fake()
        .onRequest(
            Operation.RETRY,
            () -> {
              second.countDown();
              awaitArrival(second);
            });
    fake().latency(Duration.ofMillis(3));

    client.retryAll(deliveries);

    assertThat(fake().requestCount(Operation.RETRY)).isGreaterThan(1);
    assertThat(fake().peakConcurrency(Operation.RETRY)).isBetween(2, 4);
  }

  private static void awaitArrival(CountDownLatch requests) {
    try {
      boolean unused = requests.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int requestsUnder(Trouble trouble) {
    return trouble == Trouble.STATUS_429 ? TRIES : 1;
  }

  private void assertResult(Trouble trouble, RetryResult result) {
    assertThat(result.status()).isEqualTo(trouble.result);
    assertThat(result.newLogId()).isNull();
    assertThat(result.reason())
        .isNotBlank()
        .doesNotContainIgnoringCase("<html")
        .doesNotContainIgnoringCase("doctype");
  }

  /** How many retry requests named a delivery, and how often its endpoint got it again. */
  void assertSent(FailedDelivery delivery, int requests, int resends) {
    String id = delivery.key().id();
    assertThat(fake().retryRequests(id)).as("retry requests for " + id).isEqualTo(requests);
    assertThat(fake().endpoint().resends(id)).as("re-sends of " + id).isEqualTo(resends);
  }

  static FailedDelivery renamed(FailedDelivery delivery, DeliveryKey key) {
    WebhookLog log = delivery.latest();
    @Nullable String webhook = log.webhookId();
    return new FailedDelivery(
        WebhookLog.builder(key, log.status())
            .webhook(webhook, log.webhookName(), log.endpoint())
            .event(log.eventId(), log.eventType())
            .httpStatus(log.httpStatus())
            .createdAt(log.createdAt())
            .attemptedAt(log.attemptedAt())
            .build(),
        delivery.cause());
  }
}
