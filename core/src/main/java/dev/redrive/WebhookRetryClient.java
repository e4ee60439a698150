package dev.redrive;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Lists the webhook deliveries of one account at one provider, and asks the provider to retry those
 * that failed.
 *
 * <p>Clients are thread-safe. Every request ends within the client's deadline. An interrupt ends a
 * call at once and keeps the thread's interrupt flag. Reads throw {@link RedriveException}. Retries
 * do not throw because of the provider or the network: each delivery has a result, and one bad item
 * does not affect the others.
 *
 * <p>Operations that a provider does not support throw {@link UnsupportedCapabilityException}.
 * Check {@link #traits()} first.
 */
public interface WebhookRetryClient extends AutoCloseable {
  /** Returns what the provider can do, and its limits. Makes no request. */
  ProviderTraits traits();

  /** Returns the account in the keys of this client: {@link DeliveryKey#account()}. */
  String account();

  /**
   * Returns the key of a delivery of this account.
   *
   * @param id the provider's id of the delivery; see {@link DeliveryKey#id()}
   */
  default DeliveryKey key(String id) {
    return new DeliveryKey(traits().provider(), account(), id);
  }

  /**
   * Reads the subscriptions of the account.
   *
   * @throws RedriveException if the provider cannot be read
   */
  List<Webhook> webhooks();

  /**
   * Lists attempts as the provider recorded them, including those that succeeded.
   *
   * @throws UnsupportedCapabilityException if the provider lists failures only
   */
  Listing<WebhookLog> logs(DeliveryQuery query);

  /**
   * Lists the deliveries that need a retry, each once, even if the provider's pages shift
   * meanwhile. A delivery that an earlier retry delivered may still be listed: see the provider's
   * client.
   *
   * @throws UnsupportedCapabilityException if the provider does not support a filter of the query
   */
  Listing<FailedDelivery> failures(DeliveryQuery query);

  /**
   * Reads one delivery by its id, whatever its status.
   *
   * @param id the provider's id of the delivery; see {@link DeliveryKey#id()}
   * @return the delivery with the attempt that decides: its newest one, or one that succeeded. Its
   *     {@link WebhookLog#status()} says whether it needs a retry. Empty if the provider does not
   *     know it, or no delivery can have this id
   * @throws UnsupportedCapabilityException without {@link Capability#FIND}
   * @throws RedriveException if the provider cannot be read
   */
  default Optional<FailedDelivery> find(String id) {
    throw new UnsupportedCapabilityException(traits().displayName(), Capability.FIND);
  }

  /**
   * Reads several deliveries as {@link #find} does, in as few requests as the provider's API
   * allows.
   *
   * @return what was found, by the id that was asked for
   * @throws UnsupportedCapabilityException without {@link Capability#FIND}
   * @throws RedriveException if the provider cannot be read
   */
  default Map<String, FailedDelivery> findAll(Collection<String> ids) {
    Map<String, FailedDelivery> found = new LinkedHashMap<>();
    for (String id : ids) {
      find(id).ifPresent(delivery -> found.put(id, delivery));
    }
    return found;
  }

  /**
   * Reads how many failed events the provider has beyond {@link ProviderTraits#visibleFailures()}.
   * They are listed once others are recovered. Returns zero, without a request, where all failures
   * are listed.
   *
   * @throws RedriveException if the provider cannot be read
   */
  default long outOfSight() {
    return 0;
  }

  /**
   * Asks the provider to send one delivery again.
   *
   * <p>The request is sent once. It is sent again only if the provider certainly did not get it
   * (connection refused, DNS, TLS handshake) or returned 429.
   *
   * @param delivery a delivery from {@link #failures} or a ledger, or one that is {@linkplain
   *     FailedDelivery#of(DeliveryKey, String) known by its id alone}
   */
  RetryResult retry(FailedDelivery delivery);

  /**
   * Asks the provider to send deliveries again, in as few requests as possible. The rule of {@link
   * #retry} holds for each request.
   *
   * <p>After a failure that affects every later request (key refused, long rate limit, interrupt),
   * the remaining deliveries are {@link RetryResult.Status#NOT_SENT}.
   *
   * @return one result per delivery, in the order of {@code deliveries}
   */
  List<RetryResult> retryAll(List<FailedDelivery> deliveries);

  /**
   * Reads the outcomes of retries, in as few requests as possible, and passes them to {@code
   * reader} as they become known: some after each page or request, the rest at the end.
   *
   * <p>An {@link RetryResult.Status#UNKNOWN} result is settled by evidence: a newer attempt, judged
   * by the provider's times and ids, or the absence of one after {@link
   * ProviderTraits#settleTime()}. Without evidence it is {@link RetryOutcome.Status#PENDING} or
   * {@link RetryOutcome.Status#UNKNOWN}. Results that were never sent cost no request.
   *
   * <p>Each element of {@code results} gets one outcome, in no particular order. {@link
   * RetryOutcome#result()} is the same object; an element that occurs twice gets two outcomes. An
   * outcome is passed on once nothing else that this call reads can change it. If that requires
   * reading the whole list, as after a lost response, it comes last.
   *
   * @param reader takes one or more outcomes at a time, on the calling thread, one call after the
   *     other. Other threads may continue to read meanwhile. An exception that it throws ends this
   *     call and is rethrown
   * @throws RedriveException if the provider cannot be read. Outcomes that were passed on before
   *     are valid; except after an interrupt, these are all that were known
   */
  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader);

  /**
   * Reads the outcomes of retries, as {@link #outcomes(List, Consumer)} does.
   *
   * @return one outcome per result, in the order of {@code results}
   * @throws RedriveException if the provider cannot be read
   */
  default List<RetryOutcome> outcomes(List<RetryResult> results) {
    // By identity: two equal results may have different outcomes.
    var told = new IdentityHashMap<RetryResult, Queue<RetryOutcome>>();
    outcomes(
        results,
        outcomes ->
            outcomes.forEach(
                outcome ->
                    told.computeIfAbsent(outcome.result(), result -> new ArrayDeque<>(1))
                        .add(outcome)));
    return results.stream()
        .map(result -> Objects.requireNonNull(told.get(result), "no outcome").remove())
        .toList();
  }

  /**
   * Calls {@link #outcomes(List)} until every outcome is settled or the time is up. An outcome that
   * is still {@link RetryOutcome.Status#PENDING} then can be read later. An {@link
   * RetryOutcome.Status#UNKNOWN} outcome is settled once {@link ProviderTraits#settleTime()} has
   * passed since its request.
   *
   * <p>The first read is half a second after the requests; then the pauses grow to ten seconds. No
   * read is made before {@link ProviderTraits#leastOutcomeTime()} if it could tell nothing new. The
   * last read is made when the time is up. Reads that fail but are {@linkplain
   * RedriveException#retryable() retryable} are repeated.
   *
   * @param most the longest wait; zero to read once. A read in progress is not cut off
   * @return one outcome per result, in the order of {@code results}
   * @throws OperationInterruptedException if the thread is interrupted; its flag is set
   * @throws RedriveException if the last read failed, or a read failed that is not retryable or
   *     whose {@link RateLimitedException#retryAfter()} exceeds the time left
   */
  default List<RetryOutcome> awaitOutcomes(List<RetryResult> results, Duration most) {
    return new OutcomeWait(this, results, most).run();
  }

  /**
   * Returns the clock that this client uses: the one that its builder was given, or that of this
   * machine.
   */
  default TimeSource timeSource() {
    return TimeSource.system();
  }

  /**
   * Returns how far this client's clock was ahead of the provider's at the latest response, to
   * about a second; negative if it was behind. Empty if no response told the provider's time.
   */
  default Optional<Duration> clockSkew() {
    return Optional.empty();
  }

  /**
   * Closes what this client created. An HTTP client that the caller provided stays open. Calls in
   * other threads end: reads fail, a retry that was in flight is {@link
   * RetryResult.Status#UNKNOWN}, and a retry that was not yet sent is {@link
   * RetryResult.Status#NOT_SENT}.
   */
  @Override
  void close();
}
