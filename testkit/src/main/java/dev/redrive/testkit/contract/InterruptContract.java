package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.list;
import static dev.redrive.testkit.contract.Statuses.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Calls whose thread is interrupted. */
public interface InterruptContract extends ContractPart {
  @TestFactory
  default Stream<DynamicTest> reads_whenInterruptedWhileTheyWait_endAtOnce() {
    return reads()
        .map(
            read ->
                DynamicTest.dynamicTest(
                    read.name(),
                    () -> {
                      List<RetryResult> accepted = prepare();
                      fake().faults().onAny().always().inject(Fault.stall());

                      Interrupted<Object> ended =
                          Interrupted.at(fake(), 1, () -> read.call().on(accepted));

                      assertThat(ended.failure()).isInstanceOf(OperationInterruptedException.class);
                      assertThat(ended.keptTheFlag()).as("interrupt flag").isTrue();
                    }));
  }

  @TestFactory
  default Stream<DynamicTest> reads_whenTheThreadIsInterruptedAlready_sendNothing() {
    return reads()
        .map(
            read ->
                DynamicTest.dynamicTest(
                    read.name(),
                    () -> {
                      List<RetryResult> accepted = prepare();
                      long before = fake().requestCount();
                      Thread.currentThread().interrupt();

                      assertThatThrownBy(() -> read.call().on(accepted))
                          .isInstanceOf(OperationInterruptedException.class);

                      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
                      assertThat(fake().requestCount()).isEqualTo(before);
                    }));
  }

  @Test
  default void retry_whenInterruptedWhileItWaits_isUnknownAndKeepsTheFlag() throws Exception {
    FailedDelivery delivery = oneFailed();
    fake().faults().onAny().always().inject(Fault.stall());

    Interrupted<RetryResult> ended = Interrupted.at(fake(), 1, () -> client().retry(delivery));

    assertThat(ended.value().status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(ended.value().error()).isInstanceOf(OperationInterruptedException.class);
    assertThat(ended.keptTheFlag()).as("interrupt flag").isTrue();
    assertSent(delivery, 1, 0);
  }

  @Test
  default void retries_whenTheThreadIsInterruptedAlready_sendNothing() {
    List<FailedDelivery> deliveries = failed(12);
    client();
    Thread.currentThread().interrupt();

    RetryResult one = client().retry(deliveries.get(0));
    boolean flagAfterOne = Thread.currentThread().isInterrupted();
    List<RetryResult> all = client().retryAll(deliveries);
    boolean flagAfterAll = Thread.interrupted();

    assertThat(one.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(statuses(all)).hasSize(12).containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(flagAfterOne && flagAfterAll).as("interrupt flag").isTrue();
    assertThat(fake().requestCount(Operation.RETRY)).isZero();
  }

  @Test
  default void retryAll_whenInterruptedWhileItWaits_keepsWhatIsKnown() throws Exception {
    List<FailedDelivery> deliveries = failed(manyFailures());
    int answered = traits().batchSize() < deliveries.size() ? 1 : 0;
    for (int n = answered + 1; n < 5; n++) {
      fake().faults().on(Operation.RETRY).nth(n).inject(Fault.stall());
    }
    WebhookRetryClient client = client(settings -> settings.concurrency(2));

    Interrupted<List<RetryResult>> ended =
        Interrupted.at(fake(), answered + 1, () -> client.retryAll(deliveries));

    List<RetryResult> results = ended.value();
    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    assertThat(ended.keptTheFlag()).as("interrupt flag").isTrue();
    for (RetryResult result : results) {
      String id = result.key().id();
      switch (result.status()) {
        case ACCEPTED -> assertThat(fake().endpoint().resends(id)).isEqualTo(1);
        case NOT_SENT -> assertThat(fake().retryRequests(id)).isZero();
        case UNKNOWN -> assertThat(fake().retryRequests(id)).isLessThanOrEqualTo(1);
        case REJECTED -> throw new AssertionError(result);
      }
    }
    assertThat(statuses(results)).contains(RetryResult.Status.UNKNOWN);
  }

  private Stream<NamedRead> reads() {
    List<NamedRead> reads = new ArrayList<>();
    reads.add(new NamedRead("failures", accepted -> list(client())));
    reads.add(new NamedRead("outcomes", accepted -> client().outcomes(accepted)));
    reads.add(
        new NamedRead(
            "awaited outcomes", accepted -> client().awaitOutcomes(accepted, Duration.ofHours(1))));
    if (can(Capability.LOGS)) {
      reads.add(
          new NamedRead(
              "logs", accepted -> client().logs(DeliveryQuery.all()).first().orElseThrow()));
    }
    if (can(Capability.WEBHOOKS)) {
      reads.add(new NamedRead("webhooks", accepted -> client().webhooks()));
    }
    return reads.stream();
  }

  private List<RetryResult> prepare() {
    fake(settings -> {});
    return client().retryAll(failed(3));
  }
}
