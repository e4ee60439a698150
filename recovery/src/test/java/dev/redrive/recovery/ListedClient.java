package dev.redrive.recovery;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimit;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A provider without a server: it lists what it is given, and delivers all that is retried, unless
 * its requests fail.
 */
public final class ListedClient implements WebhookRetryClient {
  static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");

  static final ProviderUnavailableException UNAVAILABLE =
      new ProviderUnavailableException(
          new FailedCall("Listed", "retry delivery", 503, null, null, null), null);

  private final TimeSource time;
  private final Queue<FailedDelivery> retried = new ConcurrentLinkedQueue<>();
  private Function<DeliveryQuery, List<FailedDelivery>> listed = query -> List.of();
  private Listing.LeftOut leftOut = Listing.LeftOut.NONE;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger outcomeReads = new AtomicInteger();
  private Function<FailedDelivery, @Nullable WebhookLog> attempts = delivery -> null;
  private Function<RetryResult, @Nullable RetryOutcome> outcomes = result -> null;
  private Duration mostOutcomeTime = Duration.ZERO;
  private IntPredicate fails = request -> false;
  private Duration settleTime = Duration.ZERO;
  private Duration listingDelay = Duration.ZERO;
  private @Nullable Duration retention;
  private @Nullable Integer visible;
  private RateLimit[] limits = {};

  public ListedClient(TimeSource time) {
    this.time = time;
  }

  /** A failed log of an event. */
  static FailedDelivery failed(String log, String event, int minute) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("listed", "acme", log), DeliveryStatus.FAILED)
            .lineage("event-" + event)
            .webhook("hook", null, "https://example.com/hooks")
            .event(event, "Message")
            .httpStatus(503)
            .createdAt(T0.plusSeconds(60L * minute))
            .build());
  }

  /** Failed logs of as many events: {@code log-0} of {@code event-0} and so on, oldest first. */
  static List<FailedDelivery> failures(int count) {
    return IntStream.range(0, count).mapToObj(i -> failed("log-" + i, "event-" + i, i)).toList();
  }

  ListedClient lists(List<FailedDelivery> failures) {
    return lists(query -> failures);
  }

  /** What it lists depends on the query. */
  ListedClient lists(Function<DeliveryQuery, List<FailedDelivery>> failures) {
    listed = failures;
    return this;
  }

  ListedClient leavesOut(long undated, long unreadable) {
    leftOut = new Listing.LeftOut(undated, unreadable);
    return this;
  }

  /**
   * Retry requests for which the predicate is true get a 503 and do nothing; it is asked on the
   * thread that sends, with the request's number from 1 on.
   */
  ListedClient fails(IntPredicate isFailure) {
    fails = isFailure;
    return this;
  }

  /** Its responses show the new attempt; null shows none. */
  ListedClient showsAttempts(Function<FailedDelivery, @Nullable WebhookLog> attempts) {
    this.attempts = attempts;
    return this;
  }

  /**
   * What came of its retries takes so long, at most; for null, it was delivered. Asked on the
   * thread that reads.
   */
  ListedClient tells(Duration most, Function<RetryResult, @Nullable RetryOutcome> outcomes) {
    this.mostOutcomeTime = most;
    this.outcomes = outcomes;
    return this;
  }

  /** Outcomes that no response had shown. */
  int outcomeReads() {
    return outcomeReads.get();
  }

  /** It shows the first so many of its failures, and others in place of those that leave. */
  ListedClient showsOnly(int visible) {
    this.visible = visible;
    return this;
  }

  /** It forgets failures after some time. */
  ListedClient keeps(Duration retention) {
    this.retention = retention;
    return this;
  }

  /** It lists a failure so long after its time. */
  ListedClient listsAfter(Duration delay) {
    listingDelay = delay;
    return this;
  }

  /** What a failed request did can be told so long after it. */
  ListedClient settlesAfter(Duration time) {
    settleTime = time;
    return this;
  }

  /** It documents limits; whether they are kept is for the test to see. */
  ListedClient limits(RateLimit... limits) {
    this.limits = limits.clone();
    return this;
  }

  Queue<FailedDelivery> retried() {
    return retried;
  }

  @Override
  public ProviderTraits traits() {
    var traits =
        ProviderTraits.builder("listed", "Listed")
            .capabilities(Capability.CAUSES)
            .settleTime(settleTime)
            .outcomeTime(Duration.ZERO, mostOutcomeTime)
            .limits(limits);
    traits.listingDelay(listingDelay);
    if (retention != null) {
      traits.retention(retention);
    }
    return visible == null ? traits.build() : traits.visibleFailures(visible).build();
  }

  @Override
  public String account() {
    return "acme";
  }

  @Override
  public List<Webhook> webhooks() {
    return List.of();
  }

  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return List.<WebhookLog>of()::iterator;
  }

  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return new Listing<>() {
      private LeftOut met = LeftOut.NONE;

      @Override
      public Iterator<FailedDelivery> iterator() {
        met = leftOut;
        return listed.apply(query).stream().limit(visible()).iterator();
      }

      @Override
      public LeftOut leftOut() {
        return met;
      }
    };
  }

  @Override
  public long outOfSight() {
    return visible == null ? 0 : Math.max(0, listed.apply(DeliveryQuery.all()).size() - visible);
  }

  private long visible() {
    return visible == null ? Long.MAX_VALUE : visible;
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    if (fails.test(requests.incrementAndGet())) {
      return new RetryResult(
          delivery, RetryResult.Status.UNKNOWN, null, "503", UNAVAILABLE, time.now());
    }
    retried.add(delivery);
    RetryResult accepted =
        RetryResult.accepted(delivery, delivery.latest().logId() + "-retry", time.now());
    WebhookLog attempt = attempts.apply(delivery);
    return attempt == null ? accepted : accepted.showing(attempt);
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return deliveries.stream().map(this::retry).toList();
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    reader.accept(results.stream().map(this::outcome).toList());
  }

  private RetryOutcome outcome(RetryResult result) {
    if (result.attempt() != null) {
      return RetryOutcome.of(result, result.attempt());
    }
    outcomeReads.incrementAndGet();
    RetryOutcome told = outcomes.apply(result);
    if (told != null) {
      return told;
    }
    if (result.status() == RetryResult.Status.ACCEPTED) {
      return RetryOutcome.of(result, RetryOutcome.Status.DELIVERED, "delivered");
    }
    return time.now().isBefore(result.requestedAt().plus(settleTime))
        ? RetryOutcome.of(result, RetryOutcome.Status.PENDING, "not told yet")
        : RetryOutcome.of(result, RetryOutcome.Status.NOT_SENT, "no new attempt");
  }

  @Override
  public void close() {}
}
