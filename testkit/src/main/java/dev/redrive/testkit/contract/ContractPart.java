package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static dev.redrive.testkit.contract.Statuses.outcomeStatuses;
import static dev.redrive.testkit.contract.Statuses.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What each part of the contract works on: the fake of a test, clients of it, what the provider's
 * test class says of both, and the words that scenarios are written in. {@link ContractFixture} is
 * what it comes from.
 */
public interface ContractPart {
  /** Tries of a read. */
  int TRIES = 3;

  // What a provider's test class may say otherwise.

  /** The key that the client is to use; a fake that serves several generations may have several. */
  default String apiKey(FakeProvider provider) {
    return provider.apiKey();
  }

  /**
   * Whether the provider itself looks for times, so that a row without one was matched there; false
   * by default.
   */
  default boolean filtersTimesItself() {
    return false;
  }

  /**
   * Whether the status alone says that a retry was taken, as {@link dev.redrive.http.NoBody} reads
   * it; false by default. Then a 2xx without a body, or with any JSON object, is the provider's
   * answer, else one whose body is not as documented tells nothing.
   */
  default boolean answersWithoutBody() {
    return false;
  }

  /**
   * Whether a provider that {@linkplain #answersWithoutBody() needs no body} sends an empty JSON
   * object, of which half is no answer; false by default.
   */
  default boolean answersWithEmptyObject() {
    return false;
  }

  /**
   * Whether the provider records an attempt at an endpoint that does not respond; true by default.
   * Otherwise such an attempt leaves no trace, and the outcome of its retry is unknown.
   */
  default boolean recordsUnanswered() {
    return true;
  }

  /**
   * Whether a list is an array and nothing around it; false by default. Then an array of nulls is a
   * list whose rows cannot be read, and no failure of the page.
   */
  default boolean listsAreArrays() {
    return false;
  }

  // What there is.

  /** The fake's clock. */
  MutableClock clock();

  /** The clients' time: the fake's clock, three hours ahead. */
  ManualTime time();

  /** Sets our clock fast, or slow if negative, for clients that are made from now on. */
  void ourClockIsAhead(Duration by);

  /** The fake of this test. */
  FakeProvider fake();

  /** Starts the fake of this test with other settings than the usual ones. */
  FakeProvider fake(Consumer<FakeProvider.Builder<?>> more);

  /** Starts one more fake. */
  FakeProvider otherFake(Consumer<FakeProvider.Builder<?>> more);

  /** A client of this test's fake. */
  WebhookRetryClient client();

  /** One more client of this test's fake. */
  WebhookRetryClient client(Consumer<ClientBuilder<?>> more);

  /** Has something closed when the test is over. */
  <C extends AutoCloseable> C closing(C closeable);

  // The words.

  /** What the client says of the provider. */
  default ProviderTraits traits() {
    return client().traits();
  }

  /** Whether the provider can do something, by its traits. */
  default boolean can(Capability capability) {
    return traits().can(capability);
  }

  /** More failures than fit on two pages, if the provider shows so many. */
  default int manyFailures() {
    Integer visible = traits().visibleFailures();
    return visible == null ? 2 * traits().pageSize() + 30 : visible / 2;
  }

  /** What the client lists, all of it. */
  default List<FailedDelivery> listed() {
    return client().failures(DeliveryQuery.all()).toList();
  }

  /** Seeds failures and lists them, in the order in which they were listed. */
  default List<FailedDelivery> failed(int count) {
    List<String> ids = fake().failures(count);
    List<FailedDelivery> failed = listed();
    assertThat(ids(failed)).containsExactlyInAnyOrderElementsOf(ids);
    return failed;
  }

  /** Seeds one failure and lists it. */
  default FailedDelivery oneFailed() {
    return failed(1).get(0);
  }

  /** An id of another fake, which this test's fake does not know. */
  default String unknownId() {
    return otherFake(settings -> settings.seed(99)).failures(200).stream()
        .filter(id -> !fake().endpoint().knows(id))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  /** Retries so many deliveries one by one, each under a fault that leaves its end unknown. */
  default List<RetryResult> retriedUnder(Fault fault, int count) {
    List<FailedDelivery> deliveries = failed(count);
    fake().faults().on(Operation.RETRY).always().inject(fault);
    List<RetryResult> results = new ArrayList<>();
    deliveries.forEach(delivery -> results.add(client().retry(delivery)));
    fake().faults().clear();
    assertThat(statuses(results)).containsOnly(RetryResult.Status.UNKNOWN);
    return results;
  }

  /**
   * Lets so much time go by that absence from the logs is evidence, and that the provider has ended
   * its own retries.
   */
  default void settle() {
    time().advance(longestOutcome().plusSeconds(1));
  }

  /** After how long the outcome of a retry is known, by the provider's traits. */
  default Duration longestOutcome() {
    Duration settle = traits().settleTime();
    Duration most = traits().mostOutcomeTime();
    return most.compareTo(settle) > 0 ? most : settle;
  }

  /** What became of a retry, as the provider tells it now. */
  default RetryOutcome outcome(RetryResult result) {
    List<RetryOutcome> outcomes = client().outcomes(List.of(result));
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0).result()).isEqualTo(result);
    return outcomes.get(0);
  }

  /** What becomes of retries once the provider can tell: at once, or when they have settled. */
  default List<RetryOutcome> told(List<RetryResult> results) {
    List<RetryOutcome> outcomes = client().outcomes(results);
    assertTruthful(outcomes);
    for (int i = 0; i < 3 && outcomeStatuses(outcomes).contains(RetryOutcome.Status.PENDING); i++) {
      settle();
      outcomes = client().outcomes(results);
      assertTruthful(outcomes);
    }
    return outcomes;
  }

  /** How many retry requests named a delivery, and how often its endpoint got it again. */
  default void assertSent(FailedDelivery delivery, int requests, int resends) {
    String id = delivery.key().id();
    assertThat(fake().retryRequests(id)).as("retry requests for " + id).isEqualTo(requests);
    assertThat(fake().endpoint().resends(id)).as("re-sends of " + id).isEqualTo(resends);
  }

  /** What a provider cannot do fails by name, and without a request. */
  default void assertUnsupported(Capability capability, Runnable call) {
    long before = fake().requestCount();
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            UnsupportedCapabilityException.class,
            e -> assertThat(e.capability()).isEqualTo(capability))
        .hasMessageContaining(traits().displayName())
        .hasMessageContaining(capability.description());
    assertThat(fake().requestCount()).isEqualTo(before);
  }

  /** Nothing may be claimed that the endpoint's account contradicts. */
  default void assertTruthful(List<RetryOutcome> outcomes) {
    var lies = new ArrayList<String>();
    for (RetryOutcome outcome : outcomes) {
      String id = outcome.key().id();
      int delivered = fake().endpoint().delivered(id);
      int resends = fake().endpoint().resends(id);
      boolean truthful =
          switch (outcome.status()) {
            case DELIVERED -> delivered > 0;
            case FAILED_AGAIN -> resends > 0 && delivered == 0;
            case NOT_SENT -> resends == 0;
            case REJECTED, PENDING, UNKNOWN -> true;
          };
      if (!truthful) {
        lies.add(
            outcome.status()
                + " ("
                + outcome.reason()
                + ") of "
                + id
                + ", which was re-sent "
                + resends
                + " times and delivered "
                + delivered
                + " times");
      }
    }
    assertThat(lies).as("outcomes that the endpoint's account contradicts").isEmpty();
  }
}
