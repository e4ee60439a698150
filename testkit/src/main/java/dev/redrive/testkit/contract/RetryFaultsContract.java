package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Statuses.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.FailedDelivery;
import dev.redrive.RateLimitedException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Retries whose requests fail: none goes out twice, and no result is lost. */
public interface RetryFaultsContract extends ContractPart {
  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void retry_whenTheRequestMeetsAFault_goesOutOnce(Trouble trouble) {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).always().inject(trouble.fault);

    RetryResult result = trouble.client(this).retry(delivery);

    assertResult(trouble, result);
    assertSent(delivery, requestsUnder(trouble), trouble.fault.isWorkDone() ? 1 : 0);
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void retry_whenTheRequestMeetsAFaultOnce_isSentAgainOnlyAfter429(Trouble trouble) {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).inject(trouble.fault);

    RetryResult result = trouble.client(this).retry(delivery);

    if (trouble == Trouble.STATUS_429) {
      assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
      assertSent(delivery, 2, 1);
    } else {
      assertResult(trouble, result);
      assertSent(delivery, 1, trouble.fault.isWorkDone() ? 1 : 0);
    }
  }

  @Test
  default void retry_whenToldToWaitForLong_isNotSentAndSaysHowLong() {
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
    assertThat(time().sleeps()).isEmpty();
  }

  @Test
  default void retry_whenToldToWaitAgainAndAgain_endsWithinTheDeadline() {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).always().inject(Fault.status(429).retryAfter("20"));
    WebhookRetryClient client =
        client(settings -> settings.deadline(Duration.ofMinutes(1)).maxAttempts(100));

    RetryResult result = client.retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(time().slept()).isLessThan(Duration.ofMinutes(1));
    assertSent(delivery, 3, 0);
  }

  @Test
  default void retry_whenNobodyListens_isNotSent() {
    FailedDelivery delivery = oneFailed();
    fake().close();

    RetryResult result = client(settings -> {}).retry(delivery);

    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(result.reason()).isNotBlank();
    assertSent(delivery, 0, 0);
  }

  @Test
  default void retryAll_whenNobodyListens_sendsNone() {
    List<FailedDelivery> deliveries = failed(12);
    fake().close();

    List<RetryResult> results = client(settings -> {}).retryAll(deliveries);

    assertThat(statuses(results)).hasSize(12).containsOnly(RetryResult.Status.NOT_SENT);
  }

  @Test
  default void retry_whenTheAnswerHasUnknownFieldsAndValues_isNeverSentTwice() {
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

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void retryAll_whenRequestsMeetAFault_sendsEachOnce(Trouble trouble) {
    List<FailedDelivery> deliveries = failed(9);
    fake().faults().on(Operation.RETRY).always().inject(trouble.fault);

    List<RetryResult> results = trouble.client(this).retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    results.forEach(result -> assertResult(trouble, result));
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
  default void retryAll_whenOneRequestOfManyMeetsAFault_losesNoOtherResult(Trouble trouble) {
    Integer visible = traits().visibleFailures();
    int threeRequests = Math.min(300, 2 * traits().batchSize() + 10);
    List<FailedDelivery> deliveries =
        failed(visible == null ? threeRequests : Math.min(visible, threeRequests));
    fake().faults().on(Operation.RETRY).nth(2).inject(trouble.fault);

    List<RetryResult> results = trouble.client(this).retryAll(deliveries);

    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    Set<RetryResult.Status> others = new TreeSet<>();
    for (RetryResult result : results) {
      String id = result.key().id();
      int resends = fake().endpoint().resends(id);
      assertThat(fake().retryRequests(id))
          .isLessThanOrEqualTo(trouble == Trouble.STATUS_429 ? 2 : 1);
      switch (result.status()) {
        case ACCEPTED -> assertThat(resends).isBetween(isFalselyTaken(trouble) ? 0 : 1, 1);
        case NOT_SENT, REJECTED -> assertThat(resends).isZero();
        case UNKNOWN -> assertThat(resends).isLessThanOrEqualTo(1);
      }
      others.add(result.status());
    }
    assertThat(fake().faults().injected()).isEqualTo(1);
    Set<RetryResult.Status> expected = new TreeSet<>();
    expected.add(RetryResult.Status.ACCEPTED);
    if (trouble != Trouble.STATUS_429) {
      expected.add(trouble.result(this));
    }
    assertThat(others).isEqualTo(expected);
  }

  @ParameterizedTest(name = "HTTP {0}")
  @ValueSource(ints = {401, 403})
  default void retryAll_whenTheKeyIsRefused_stops(int status) {
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
  default void retryAll_whenRateLimitedForLong_stops() {
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
    assertThat(time().sleeps()).isEmpty();
  }

  @Test
  default void retryAll_ofAThousandWithLostAnswers_accountsForEach() {
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

  private static int requestsUnder(Trouble trouble) {
    return trouble == Trouble.STATUS_429 ? TRIES : 1;
  }

  /** Whether a status that tells all says that work was done which was not. */
  private boolean isFalselyTaken(Trouble trouble) {
    return trouble.result(this) == RetryResult.Status.ACCEPTED && !trouble.fault.isWorkDone();
  }

  private void assertResult(Trouble trouble, RetryResult result) {
    assertThat(result.status()).isEqualTo(trouble.result(this));
    assertThat(result.newLogId()).isNull();
    if (result.status() != RetryResult.Status.ACCEPTED) {
      assertThat(result.reason())
          .isNotBlank()
          .doesNotContainIgnoringCase("<html")
          .doesNotContainIgnoringCase("doctype");
    }
  }
}
