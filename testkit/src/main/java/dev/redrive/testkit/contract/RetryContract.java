package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.fromLedger;
import static dev.redrive.testkit.contract.Deliveries.renamed;
import static dev.redrive.testkit.contract.Statuses.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Retries, one by one and in bulk. */
public interface RetryContract extends ContractPart {
  @Test
  default void retry_whenTheProviderTakesIt_isAcceptedAndSentOnce() {
    FailedDelivery delivery = oneFailed();

    RetryResult result = client().retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(result.delivery()).isEqualTo(delivery);
    assertThat(result.error()).isNull();
    assertThat(result.requestedAt()).isEqualTo(time().now());
    assertSent(delivery, 1, 1);
    assertThat(fake().requestCount(Operation.RETRY)).isEqualTo(1);
  }

  @Test
  default void retry_whenTheDeliveryComesFromALedger_isAccepted() {
    FailedDelivery delivery = fromLedger(oneFailed());

    assertThat(client().retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertSent(delivery, 1, 1);
  }

  @Test
  default void retryAll_whenThereIsNothing_costsNoRequest() {
    long before = fake().requestCount();

    assertThat(client().retryAll(List.of())).isEmpty();

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  default void retryAll_answersEachDeliveryInOrder() {
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
  default void retryAll_whenDeliveriesComeFromALedger_acceptsThem() {
    List<FailedDelivery> deliveries = failed(20).stream().map(Deliveries::fromLedger).toList();

    List<RetryResult> results = client().retryAll(deliveries);

    assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
    deliveries.forEach(delivery -> assertSent(delivery, 1, 1));
  }

  @Test
  default void retryAll_whenADeliveryIsNamedTwice_sendsItOnceAndAnswersBoth() {
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
  default void retryAll_whenSomeAreNotOfThisAccount_rejectsThemAndSendsTheRest() {
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
  default void retryAll_whenTheProviderDoesNotKnowSome_rejectsThemAndSendsTheRest() {
    List<FailedDelivery> good = failed(6);
    FailedDelivery bad =
        renamed(good.get(0), new DeliveryKey(traits().provider(), client().account(), unknownId()));
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

  @Test
  default void retryAll_whenAnswersAreSlow_sendsNoMoreAtOnceThanToldAndSeveralWhereItMay() {
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
}
