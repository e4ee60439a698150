package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** The fake, the clients of it, and the words that the contract's scenarios are written in. */
abstract class ContractFixture {
  /** Tries of a read. */
  static final int TRIES = 3;

  /** Our clock and the provider's never agree. */
  static final Duration AHEAD = Duration.ofHours(3);

  final MutableClock clock = MutableClock.at(Instant.parse("2026-03-15T12:00:00Z"));
  ManualTime time = ManualTime.of(clock).ahead(AHEAD);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private @Nullable FakeProvider fake;
  private @Nullable WebhookRetryClient client;

  /** Starts a fake of the provider with these settings. */
  protected abstract FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings);

  /** The key that the client is to use; a fake that serves several generations may have several. */
  protected String apiKey(FakeProvider provider) {
    return provider.apiKey();
  }

  /** Builds a client of the provider with these settings: base URL, key, time and more. */
  protected abstract WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings);

  @AfterEach
  void closeAll() throws Exception {
    Thread.interrupted();
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(ContractFixture::isStray))
        .as("threads that would keep a JVM alive")
        .isEmpty();
  }

  private static boolean isStray(Thread thread) {
    return !thread.isDaemon() && thread.getName().startsWith("redrive");
  }

  /** The fake of this test. */
  FakeProvider fake() {
    return fake == null ? fake(settings -> {}) : fake;
  }

  /** Starts the fake of this test with other settings than the usual ones. */
  FakeProvider fake(Consumer<FakeProvider.Builder<?>> more) {
    fake = otherFake(more);
    client = null;
    return fake;
  }

  /** Starts one more fake. */
  FakeProvider otherFake(Consumer<FakeProvider.Builder<?>> more) {
    return closing(
        startFake(
            settings -> {
              settings.clock(clock);
              more.accept(settings);
            }));
  }

  /** A client of this test's fake. */
  WebhookRetryClient client() {
    if (client == null) {
      client = client(settings -> {});
    }
    return client;
  }

  /** One more client of this test's fake. */
  WebhookRetryClient client(Consumer<ClientBuilder<?>> more) {
    return closing(
        connect(
            settings -> {
              settings
                  .baseUrl(fake().baseUrl())
                  .apiKey(apiKey(fake()))
                  .timeSource(time)
                  .requestTimeout(Duration.ofSeconds(10))
                  .maxResponseBytes(Trouble.LIMIT)
                  .maxAttempts(TRIES);
              more.accept(settings);
            }));
  }

  /** A client that gives up soon where it would wait for an answer that never comes. */
  WebhookRetryClient clientFor(Trouble trouble) {
    return trouble == Trouble.STALL
        ? client(settings -> settings.requestTimeout(Duration.ofMillis(200)))
        : client();
  }

  <C extends AutoCloseable> C closing(C closeable) {
    opened.push(closeable);
    return closeable;
  }

  ProviderTraits traits() {
    return client().traits();
  }

  boolean can(Capability capability) {
    return traits().can(capability);
  }

  /** More failures than fit on two pages, if the provider shows so many. */
  int manyFailures() {
    Integer visible = traits().visibleFailures();
    return visible == null ? 2 * traits().pageSize() + 30 : visible / 2;
  }

  /** What the client lists, all of it. */
  List<FailedDelivery> listed() {
    return client().failures(DeliveryQuery.all()).toList();
  }

  /** Seeds failures and lists them, in the order in which they were listed. */
  List<FailedDelivery> failed(int count) {
    List<String> ids = fake().failures(count);
    List<FailedDelivery> failed = listed();
    assertThat(ids(failed)).containsExactlyInAnyOrderElementsOf(ids);
    return failed;
  }

  FailedDelivery oneFailed() {
    return failed(1).get(0);
  }

  static List<String> ids(List<FailedDelivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.key().id()).toList();
  }

  static Set<String> logIds(List<WebhookLog> logs) {
    return logs.stream().map(log -> log.key().id()).collect(Collectors.toSet());
  }

  static List<RetryResult.Status> statuses(List<RetryResult> results) {
    return results.stream().map(RetryResult::status).toList();
  }

  static List<RetryOutcome.Status> outcomeStatuses(List<RetryOutcome> outcomes) {
    return outcomes.stream().map(RetryOutcome::status).toList();
  }

  RetryOutcome outcome(RetryResult result) {
    List<RetryOutcome> outcomes = client().outcomes(List.of(result));
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0).result()).isEqualTo(result);
    return outcomes.get(0);
  }

  /** A delivery as a ledger brings it back: without the provider's texts. */
  static FailedDelivery fromLedger(FailedDelivery delivery) {
    WebhookLog log = delivery.latest();
    return new FailedDelivery(
        WebhookLog.builder(log.key(), log.status())
            .logId(log.logId())
            .lineage(log.lineage())
            .webhook(log.webhookId(), null, log.endpoint())
            .event(log.eventId(), log.eventType())
            .httpStatus(log.httpStatus())
            .attemptNumber(log.attemptNumber())
            .createdAt(log.createdAt())
            .attemptedAt(log.attemptedAt())
            .build(),
        delivery.cause());
  }

  /** Lets so much time go by that absence from the logs is evidence. */
  void settle() {
    time.advance(traits().settleTime().plusSeconds(1));
  }

  /** Nothing may be claimed that the endpoint's account contradicts. */
  void assertTruthful(List<RetryOutcome> outcomes) {
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
