package dev.redrive;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Lists the webhook deliveries of one account at one provider and has it send failed ones again.
 *
 * <p>Clients are safe to share between threads. Every operation ends within the client's deadline
 * per request; an interrupt ends it at once and keeps the thread's flag. Reads throw {@link
 * RedriveException}; retries never do for what the provider or the network did: each delivery has a
 * result, and one bad item never loses the rest.
 *
 * <p>What a provider cannot do throws {@link UnsupportedCapabilityException}; {@link #traits()}
 * tells beforehand.
 */
public interface WebhookRetryClient extends AutoCloseable {
  /** What the provider can do, and its limits. Makes no request. */
  ProviderTraits traits();

  /** The account that this client's keys carry: {@link DeliveryKey#account()}. */
  String account();

  /**
   * The key of a delivery of this account.
   *
   * @param id the provider's id of it, as {@link DeliveryKey#id()} says
   */
  default DeliveryKey key(String id) {
    return new DeliveryKey(traits().provider(), account(), id);
  }

  /**
   * The subscriptions of the account.
   *
   * @throws RedriveException if the provider cannot be read
   */
  List<Webhook> webhooks();

  /** Attempts as the provider recorded them, succeeded ones too. */
  Listing<WebhookLog> logs(DeliveryQuery query);

  /** What needs a retry: each delivery once, however the provider's pages shift. */
  Listing<FailedDelivery> failures(DeliveryQuery query);

  /**
   * How many failed events the provider has, beyond {@link ProviderTraits#visibleFailures()}, that
   * it does not list yet; they come into sight as others are recovered. Zero, without a request,
   * where all are listed.
   *
   * @throws RedriveException if the provider cannot be read
   */
  default long outOfSight() {
    return 0;
  }

  /**
   * Asks the provider to send one delivery again.
   *
   * <p>The request goes out once. It is sent again only when the provider certainly did not get it
   * (connection refused, DNS, TLS handshake) or answered 429.
   *
   * @param delivery one that {@link #failures} listed, a ledger kept, or that is {@linkplain
   *     FailedDelivery#of(DeliveryKey, String) known by its id alone}
   */
  RetryResult retry(FailedDelivery delivery);

  /**
   * Asks the provider to send deliveries again, in as few requests as it allows, each under the
   * rule of {@link #retry}.
   *
   * <p>After a failure that concerns every later request (key refused, rate limited for long,
   * interrupt) the rest is {@link RetryResult.Status#NOT_SENT}.
   *
   * @return one result per delivery, in the order of {@code deliveries}
   */
  List<RetryResult> retryAll(List<FailedDelivery> deliveries);

  /**
   * Reads what became of retries, for all of them in as few requests as it takes, and hands the
   * outcomes over as they become known: some after each page or request, the rest at the end.
   *
   * <p>A result that is {@link RetryResult.Status#UNKNOWN} is settled by evidence: a newer attempt
   * than the one that was retried, by the provider's own times and ids, or none although {@link
   * ProviderTraits#settleTime()} has passed since. Without either it stays {@link
   * RetryOutcome.Status#PENDING} or {@link RetryOutcome.Status#UNKNOWN}. Results that never went
   * out cost no request.
   *
   * <p>Each element of {@code results} gets one outcome, in no particular order. {@link
   * RetryOutcome#result()} is the element itself, the same object; one that is given twice gets two
   * outcomes. An outcome is handed over once nothing else that is read here can change it: one that
   * takes a whole list to tell, as where an answer was lost, comes last.
   *
   * @param reader takes one or more outcomes at a time. It is called on the thread that called
   *     this, one call after the other; other threads may go on reading meanwhile. What it throws
   *     ends the reading and is thrown here
   * @throws RedriveException if the provider cannot be read. All that was known by then was handed
   *     over and holds; but after an interrupt some of it may not have been
   */
  void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader);

  /**
   * Reads what became of retries: all that {@link #outcomes(List, Consumer)} hands over.
   *
   * @return one outcome per result, in the order of {@code results}
   * @throws RedriveException if the provider cannot be read
   */
  default List<RetryOutcome> outcomes(List<RetryResult> results) {
    // By identity: results of two requests may be equal, and their outcomes differ.
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
   * Asks {@link #outcomes(List)} again and again until every outcome is settled or the time is
   * over, and returns what was known then: what still is {@link RetryOutcome.Status#PENDING} may be
   * asked for later. An outcome that is {@link RetryOutcome.Status#UNKNOWN} counts as settled once
   * {@link ProviderTraits#settleTime()} has passed since its request.
   *
   * <p>It asks half a second after the requests at the earliest, then after pauses that grow to ten
   * seconds, and not before {@link ProviderTraits#leastOutcomeTime()} where nothing new can be told
   * until then. The last time is when {@code most} is over. Reads that fail for now ({@link
   * RedriveException#retryable()}) are repeated.
   *
   * @param most how long to wait; zero to ask just once. A read that is under way when it is over
   *     is read to its end
   * @return one outcome per result, in the order of {@code results}
   * @throws OperationInterruptedException if the thread is interrupted; its flag is set
   * @throws RedriveException if the provider cannot be read, and waiting does not help or {@code
   *     most} leaves no time for it
   */
  default List<RetryOutcome> awaitOutcomes(List<RetryResult> results, Duration most) {
    return new OutcomeWait(this, results, most).run();
  }

  /**
   * The clock that this client goes and waits by: what its builder was given, by default the
   * machine's.
   */
  default TimeSource timeSource() {
    return TimeSource.system();
  }

  /**
   * Closes what this client made, and only that; a caller's own HTTP client stays open. Calls under
   * way in other threads end: reads fail, a retry that was out is {@link
   * RetryResult.Status#UNKNOWN}, and what was not yet sent is {@link RetryResult.Status#NOT_SENT}.
   */
  @Override
  void close();
}
