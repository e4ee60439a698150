package dev.redrive.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes that are handed over while others are still read. */
public interface HandOverContract extends ContractPart {
  @ParameterizedTest(name = "concurrency {0}")
  @ValueSource(ints = {1, 4})
  default void handOver_ofManyOutcomes_goesPieceByPieceOnTheCallersThread(int concurrency) {
    List<RetryResult> results = manyFailedAgain();
    WebhookRetryClient client = client(settings -> settings.concurrency(concurrency));
    var handOvers = new ArrayList<List<RetryOutcome>>();
    var threads = new ArrayList<Thread>();

    client.outcomes(
        results,
        outcomes -> {
          handOvers.add(outcomes);
          threads.add(Thread.currentThread());
        });

    assertThat(handOvers).doesNotContain(List.of());
    if (concurrency == 1) {
      // Pages that are read side by side may all be there before the first is handed over.
      assertThat(handOvers).hasSizeGreaterThan(1);
    }
    assertThat(threads).containsOnly(Thread.currentThread());
    assertThat(handOvers.stream().flatMap(List::stream).toList())
        .containsExactlyInAnyOrderElementsOf(client.outcomes(results))
        .allMatch(outcome -> outcome.status() == Status.FAILED_AGAIN);
  }

  @Test
  default void handOver_hasOneOutcomeForEachResultThatWasGiven() {
    List<FailedDelivery> deliveries = failed(4);
    List<RetryResult> sent = client().retryAll(deliveries.subList(0, 3));
    RetryResult first = sent.get(0);
    var equal =
        new RetryResult(
            first.delivery(),
            first.status(),
            first.newLogId(),
            first.reason(),
            first.error(),
            first.requestedAt(),
            first.startedAt(),
            first.attempt());
    var lost = RetryResult.unknown(deliveries.get(3), "lost", time().now());
    var never = RetryResult.notSent(deliveries.get(3), "refused", time().now());
    List<RetryResult> results =
        List.of(never, first, sent.get(1), equal, first, lost, sent.get(2), lost, never);
    settle();

    List<RetryOutcome> inOrder = client().outcomes(results);
    long requests = fake().requestCount();
    var handedOver = new ArrayList<RetryOutcome>();
    client().outcomes(results, handedOver::addAll);

    assertTruthful(inOrder);
    assertThat(handedOver).containsExactlyInAnyOrderElementsOf(inOrder);
    assertThat(times(handedOver.stream().map(RetryOutcome::result).toList()))
        .isEqualTo(times(results));
    for (int i = 0; i < results.size(); i++) {
      assertThat(inOrder.get(i).result()).isSameAs(results.get(i));
    }
    assertThat(fake().requestCount() - requests).isLessThanOrEqualTo(requests);
  }

  @Test
  default void handOver_whenALaterReadFails_keepsWhatWasHandedOver() {
    List<RetryResult> results = manyFailedAgain();
    WebhookRetryClient client = client(settings -> settings.concurrency(1));
    var handOvers = new ArrayList<List<RetryOutcome>>();

    assertThatThrownBy(
            () ->
                client.outcomes(
                    results,
                    outcomes -> {
                      handOvers.add(outcomes);
                      fake()
                          .faults()
                          .on(Operation.LIST, Operation.READ)
                          .always()
                          .inject(Fault.status(500));
                    }))
        .isInstanceOf(RedriveException.class)
        .hasMessageContaining("HTTP 500");

    fake().faults().clear();
    assertThat(handOvers).hasSize(1);
    assertThat(handOvers.get(0)).isNotEmpty().hasSizeLessThan(results.size());
    assertThat(client.outcomes(results)).containsAll(handOvers.get(0));
  }

  @ParameterizedTest(name = "concurrency {0}")
  @ValueSource(ints = {1, 4})
  default void handOver_whenTheReaderFails_endsTheReading(int concurrency) {
    List<RetryResult> results = manyFailedAgain();
    WebhookRetryClient client = client(settings -> settings.concurrency(concurrency));
    // As a reader may throw that uses a client itself: it says nothing of what is read here.
    var planted =
        new NotFoundException(FailedCall.withoutAnswer("Reader", "write", "planted"), null);
    var handOvers = new ArrayList<List<RetryOutcome>>();
    var requests = new ArrayList<Long>();

    assertThatThrownBy(
            () ->
                client.outcomes(
                    results,
                    outcomes -> {
                      handOvers.add(outcomes);
                      requests.add(fake().requestCount());
                      throw planted;
                    }))
        .isSameAs(planted);

    assertThat(handOvers).hasSize(1);
    if (concurrency == 1) {
      assertThat(fake().requestCount()).isEqualTo(requests.get(0));
    }
    assertThat(client.outcomes(results)).containsAll(handOvers.get(0));
  }

  /** Results whose outcomes take more than one page. */
  private List<RetryResult> manyFailedAgain() {
    fake().endpoint().down(503);
    List<RetryResult> results = client().retryAll(failed(manyFailures()));
    settle();
    return results;
  }

  private static Map<RetryResult, Integer> times(List<RetryResult> results) {
    var times = new IdentityHashMap<RetryResult, Integer>();
    results.forEach(result -> times.merge(result, 1, Integer::sum));
    return times;
  }
}
