package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.NetworkException;
import dev.redrive.RedriveException;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks, logs and failures. */
abstract class ListingContract extends ContractFixture {
  @Test
  void failures_whenThereAreNone_areEmpty() {
    fake().successes(20);

    assertThat(listed()).isEmpty();
    assertThat(fake().requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void failures_whenTheyFillPages_comeOnceEach() {
    List<String> ids = fake().failures(manyFailures());
    fake().successes(20);

    List<FailedDelivery> failures = listed();

    assertThat(ids(failures)).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(failures)
        .allSatisfy(
            failure -> {
              assertThat(failure.key().provider()).isEqualTo(traits().provider());
              assertThat(failure.key().account()).isEqualTo(client().account());
              assertThat(failure.latest().status()).isEqualTo(DeliveryStatus.FAILED);
              assertThat(failure.latest().lineage()).isNotBlank();
              assertThat(failure.latest().json().text()).startsWith("{").endsWith("}");
              assertThat(failure.providerIsRetrying()).isFalse();
            });
    assertThat(fake().requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void failures_whenListedTwice_areAskedForAnew() {
    var listing = client().failures(DeliveryQuery.all());
    List<String> first = new ArrayList<>(fake().failures(3));
    assertThat(ids(listing.toList())).containsExactlyInAnyOrderElementsOf(first);

    first.addAll(fake().failures(2));

    assertThat(ids(listing.toList())).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  void failures_whenNotIterated_costNoRequest() {
    fake().failures(5);
    long before = fake().requestCount();

    client().failures(DeliveryQuery.all());

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  void failures_whenOneIsTaken_costOnePage() {
    fake().failures(manyFailures());
    traits();
    long before = fake().requestCount(Operation.LIST);

    assertThat(client().failures(DeliveryQuery.all()).first()).isPresent();

    assertThat(fake().requestCount(Operation.LIST) - before).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest(name = "limit {0}")
  @ValueSource(ints = {1, 2, 49, 50, 51, 99, 100, 101})
  void failures_whenLimited_endThere(int limit) {
    int count = manyFailures();
    fake().failures(count);
    long before = fake().requestCount(Operation.LIST);
    listed();
    long forAll = fake().requestCount(Operation.LIST) - before;

    long start = fake().requestCount(Operation.LIST);
    List<FailedDelivery> some =
        client().failures(DeliveryQuery.builder().limit(limit).build()).toList();

    assertThat(some).hasSize(Math.min(limit, count)).doesNotHaveDuplicates();
    assertThat(fake().requestCount(Operation.LIST) - start).isLessThanOrEqualTo(forAll);
    if (limit == 1) {
      assertThat(fake().requestCount(Operation.LIST) - start).isLessThanOrEqualTo(2);
    }
  }

  @TestFactory
  Stream<DynamicTest> failures_whenFiltered_areThoseThatMatch() {
    fake().failures(manyFailures());
    List<FailedDelivery> all = listed();
    FailedDelivery middle = all.get(all.size() / 2);
    Set<String> types = new HashSet<>();
    all.forEach(failure -> types.add(Objects.requireNonNull(failure.latest().eventType())));
    assertThat(types).as("event types").hasSizeGreaterThan(1);
    String type = Objects.requireNonNull(middle.latest().eventType());

    List<DeliveryQuery> queries = new ArrayList<>();
    queries.add(DeliveryQuery.builder().eventTypes(type).build());
    queries.add(DeliveryQuery.builder().eventTypes(types.toArray(String[]::new)).build());
    queries.add(DeliveryQuery.builder().eventTypes("no.such.type").build());
    queries.add(DeliveryQuery.builder().eventTypes(type).limit(3).build());
    if (middle.latest().createdAt() != null) {
      List<Instant> times = all.stream().map(f -> f.latest().createdAt()).sorted().toList();
      assertThat(times).as("times").doesNotContainNull();
      Instant early = times.get(times.size() / 4);
      Instant late = times.get(3 * times.size() / 4);
      assertThat(early).isBefore(late);
      queries.add(DeliveryQuery.since(early));
      queries.add(DeliveryQuery.since(early.plusMillis(1)));
      queries.add(DeliveryQuery.builder().until(late).build());
      queries.add(DeliveryQuery.builder().since(early).until(late).build());
      queries.add(DeliveryQuery.builder().since(early).until(early.plusMillis(1)).build());
      queries.add(DeliveryQuery.since(times.get(0)));
      queries.add(DeliveryQuery.builder().until(times.get(0)).build());
      queries.add(DeliveryQuery.since(times.get(times.size() - 1).plusSeconds(1)));
      queries.add(DeliveryQuery.builder().since(early).eventTypes(type).limit(2).build());
    }
    if (can(Capability.CAUSES)) {
      assertThat(all.stream().map(FailedDelivery::cause).distinct())
          .as("causes")
          .hasSizeGreaterThan(1);
      for (FailureCause cause : FailureCause.values()) {
        queries.add(DeliveryQuery.builder().causes(cause).build());
      }
      queries.add(
          DeliveryQuery.builder()
              .causes(FailureCause.SERVER_ERROR, FailureCause.NO_RESPONSE)
              .eventTypes(type)
              .build());
    }
    if (can(Capability.WEBHOOK_FILTER)) {
      for (String webhook : fake().webhookIds()) {
        queries.add(DeliveryQuery.builder().webhookId(webhook).build());
        queries.add(DeliveryQuery.builder().webhookId(webhook).eventTypes(type).build());
      }
    }
    return queries.stream()
        .map(
            query ->
                DynamicTest.dynamicTest(
                    query.toString(),
                    () -> {
                      List<FailedDelivery> matching = all.stream().filter(query::matches).toList();
                      List<FailedDelivery> found = client().failures(query).toList();
                      if (query.limit() == Long.MAX_VALUE) {
                        assertThat(ids(found)).containsExactlyInAnyOrderElementsOf(ids(matching));
                      } else {
                        assertThat(ids(matching)).containsAll(ids(found));
                        assertThat(found)
                            .hasSize((int) Math.min(query.limit(), matching.size()))
                            .doesNotHaveDuplicates();
                      }
                    }));
  }

  @Test
  void failures_whenCausesAreAskedOfAProviderThatTellsNone_failByName() {
    assumeTrue(!can(Capability.CAUSES));
    fake().failures(3);

    assertUnsupported(
        Capability.CAUSES,
        () ->
            client()
                .failures(DeliveryQuery.builder().causes(FailureCause.SERVER_ERROR).build())
                .toList());
  }

  @Test
  void failures_whenAWebhookIsAskedOfAProviderThatCannotFilterByIt_failByName() {
    assumeTrue(!can(Capability.WEBHOOK_FILTER));
    fake().failures(3);
    String webhook = fake().webhookIds().get(0);

    assertUnsupported(
        Capability.WEBHOOK_FILTER,
        () -> client().failures(DeliveryQuery.builder().webhookId(webhook).build()).toList());
  }

  @Test
  void failures_whenRowsComeAndGoBetweenPages_skipNoneThatStays() {
    List<String> ids = fake().failures(manyFailures());
    List<FailedDelivery> known = listed();
    List<FailedDelivery> leaving = known.subList(0, Math.min(known.size() / 2, 60));
    fake().endpoint().up();
    var other = client(settings -> {});
    var pages = new AtomicInteger();
    var gone = new AtomicInteger();
    Runnable change =
        () -> {
          int page = pages.incrementAndGet();
          if (page % 3 == 0) {
            fake().traffic(4);
          }
          for (int i = 0; page > 1 && i < 9; i++) {
            int next = gone.getAndIncrement();
            if (next < leaving.size()) {
              other.retry(leaving.get(next));
            }
          }
        };
    fake().onRequest(Operation.LIST, change);
    fake().onRequest(Operation.READ, change);

    List<String> found = ids(listed());

    assertThat(gone.get()).as("rows that left").isPositive();
    assertThat(found).doesNotHaveDuplicates();
    List<String> staying = new ArrayList<>(ids);
    staying.removeAll(ids(leaving));
    assertThat(found).containsAll(staying);
    assertThat(ids).containsAll(found);
  }

  @Test
  void failures_whenNewOnesArriveBetweenPages_skipNoneAndRepeatNone() {
    List<String> ids = fake().failures(manyFailures());
    fake().endpoint().down(500);
    Set<String> arrived = new HashSet<>();
    fake()
        .beforeEachPage(
            () -> {
              synchronized (arrived) {
                if (arrived.size() < 30) {
                  arrived.addAll(fake().traffic(3));
                }
              }
            });

    List<String> found = ids(listed());

    assertThat(found).doesNotHaveDuplicates().containsAll(ids);
    found = new ArrayList<>(found);
    found.removeAll(ids);
    assertThat(arrived).containsAll(found);
  }

  @Test
  void failures_whileTheProviderStillTries_areLeftOutOrMarked() {
    List<String> ids = fake().failures(10);
    List<String> trying = fake().stillTrying(5);

    assertThat(ids(listed())).containsExactlyInAnyOrderElementsOf(ids);

    List<FailedDelivery> all =
        client().failures(DeliveryQuery.builder().includeProviderRetries().build()).toList();
    assertThat(ids(all)).doesNotHaveDuplicates().containsAll(ids);
    for (FailedDelivery failure : all) {
      boolean settled = ids.contains(failure.key().id());
      assertThat(failure.providerIsRetrying()).isEqualTo(!settled);
      assertThat(settled || trying.contains(failure.key().id())).isTrue();
    }
  }

  @Test
  void failures_whileARetryIsQueued_showNoNewOne() {
    List<FailedDelivery> failures = failed(5);
    fake().asyncDelay(Duration.ofHours(1));
    fake().endpoint().up();
    client().retry(failures.get(0));

    assertThat(ids(failures)).containsAll(ids(listed()));
  }

  @Test
  void failures_whenThereAreManyWebhooks_areThoseOfAll() {
    fake(settings -> settings.webhooks(5));
    List<String> ids = fake().failures(60);

    List<FailedDelivery> failures = listed();

    assertThat(ids(failures)).containsExactlyInAnyOrderElementsOf(ids);
    if (can(Capability.WEBHOOK_FILTER)) {
      assertThat(failures.stream().map(failure -> failure.latest().webhookId()).distinct())
          .containsExactlyInAnyOrderElementsOf(fake().webhookIds());
    }
  }

  @Test
  void logs_listSucceededOnesToo() {
    assumeTrue(can(Capability.LOGS));
    List<String> failed = fake().failures(30);
    List<String> succeeded = fake().successes(30);

    List<WebhookLog> logs = client().logs(DeliveryQuery.all()).toList();

    assertThat(logIds(logs)).containsAll(failed).containsAll(succeeded);
    assertThat(logs.stream().map(log -> log.key().id() + " " + log.logId()).toList())
        .doesNotHaveDuplicates();
    for (WebhookLog log : logs) {
      if (succeeded.contains(log.key().id())) {
        assertThat(log.status()).isEqualTo(DeliveryStatus.SUCCEEDED);
      }
      if (failed.contains(log.key().id())) {
        assertThat(log.status()).isEqualTo(DeliveryStatus.FAILED);
      }
    }
  }

  @Test
  void logs_whenFiltered_areThoseThatMatch() {
    assumeTrue(can(Capability.LOGS));
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofSeconds(20));
      fake().endpoint().down(400);
      fake().traffic(1);
      fake().endpoint().up();
      fake().traffic(1);
    }
    List<WebhookLog> all = client().logs(DeliveryQuery.all()).toList();
    List<Instant> times = all.stream().map(WebhookLog::createdAt).sorted().toList();
    String type = Objects.requireNonNull(all.get(0).eventType());
    var queries =
        List.of(
            DeliveryQuery.since(times.get(10)),
            DeliveryQuery.builder().until(times.get(10)).build(),
            DeliveryQuery.builder().eventTypes(type).build(),
            DeliveryQuery.builder().eventTypes(type).since(times.get(10)).build());

    for (DeliveryQuery query : queries) {
      assertThat(client().logs(query).stream().map(WebhookLog::logId).toList())
          .as(query.toString())
          .containsExactlyInAnyOrderElementsOf(
              all.stream().filter(query::matches).map(WebhookLog::logId).toList());
    }
    assertThat(client().logs(DeliveryQuery.builder().limit(7).build()).toList()).hasSize(7);
  }

  @Test
  void logs_whenTheProviderListsNone_failByName() {
    assumeTrue(!can(Capability.LOGS));

    assertUnsupported(Capability.LOGS, () -> client().logs(DeliveryQuery.all()).toList());
  }

  @Test
  void webhooks_areTheSubscriptions() {
    assumeTrue(can(Capability.WEBHOOKS));
    String off = fake().webhookIds().get(1);
    fake().setActive(off, false);

    List<Webhook> webhooks = client().webhooks();

    assertThat(webhooks.stream().map(Webhook::id))
        .containsExactlyInAnyOrderElementsOf(fake().webhookIds());
    for (Webhook webhook : webhooks) {
      assertThat(webhook.endpoint()).startsWith("https://");
      if (webhook.active() != null) {
        assertThat(webhook.active()).isEqualTo(!webhook.id().equals(off));
      }
    }
  }

  @Test
  void webhooks_whenTheProviderListsNone_failByName() {
    assumeTrue(!can(Capability.WEBHOOKS));

    assertUnsupported(Capability.WEBHOOKS, () -> client().webhooks());
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void failures_whenAPageFailsOnce(Trouble trouble) {
    List<String> ids = fake().failures(20);
    fake().faults().on(Operation.LIST).inject(trouble.fault);

    assertRead(
        trouble,
        1,
        failureReads(trouble),
        client -> assertThat(ids(list(client))).hasSameElementsAs(ids));
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void failures_whenEveryPageFails(Trouble trouble) {
    fake().failures(20);
    fake().faults().on(Operation.LIST).always().inject(trouble.fault);

    assertRead(trouble, TRIES, failureReads(trouble), ListingContract::list);
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void failures_whenALaterPageFailsOnce(Trouble trouble) {
    List<String> ids = fake().failures(Math.min(manyFailures(), traits().pageSize() + 5));
    listed();
    fake().faults().on(Operation.LIST, Operation.READ).nth(2).inject(trouble.fault);
    WebhookRetryClient client = clientFor(trouble);

    if (trouble.passes()) {
      assertThat(ids(list(client))).containsExactlyInAnyOrderElementsOf(ids);
    } else {
      assertThatThrownBy(() -> list(client)).isInstanceOf(trouble.error);
    }
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void logs_whenAPageFails(Trouble trouble) {
    assumeTrue(can(Capability.LOGS));
    fake().successes(20);
    fake().faults().on(Operation.LIST).always().inject(trouble.fault);

    assertRead(
        trouble,
        TRIES,
        reads(trouble),
        client -> client.logs(DeliveryQuery.all()).forEach(log -> {}));
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  void webhooks_whenTheReadFails(Trouble trouble) {
    assumeTrue(can(Capability.WEBHOOKS));
    fake().faults().on(Operation.WEBHOOKS).always().inject(trouble.fault);
    WebhookRetryClient client = clientFor(trouble);

    assertThatThrownBy(client::webhooks).isInstanceOf(trouble.error);
    assertThat(fake().requestCount(Operation.WEBHOOKS)).isEqualTo(trouble.passes() ? TRIES : 1);
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  @Test
  void failures_whenAnswersHaveTheWrongContentType_areRead() {
    List<String> ids = fake().failures(20);
    fake().faults().onAny().always().inject(Fault.wrongContentType());

    assertThat(ids(listed())).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void failures_whenAnswersHaveUnknownFields_areRead() {
    List<String> ids = fake().failures(20);
    fake().faults().onAny().always().inject(Fault.unknownFields());

    assertThat(ids(listed())).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void listings_whenEnumsHaveUnknownValues_areReadAndCallThemUnknown() {
    List<String> ids = fake().failures(20);
    List<String> succeeded = fake().successes(20);
    traits();
    fake().faults().onAny().always().inject(Fault.unknownEnumValues());

    assertThat(ids).containsAll(ids(listed()));
    if (can(Capability.LOGS)) {
      for (WebhookLog log : client().logs(DeliveryQuery.all()).toList()) {
        DeliveryStatus truth =
            succeeded.contains(log.key().id()) ? DeliveryStatus.SUCCEEDED : DeliveryStatus.FAILED;
        assertThat(log.status()).isIn(DeliveryStatus.UNKNOWN, truth);
        if (log.status() == DeliveryStatus.UNKNOWN) {
          assertThat(log.providerStatus()).isIn("addedLater", "1", Long.toString(1L << 40));
        }
      }
    }
  }

  @Test
  void failures_whenNobodyListens_sayWhichServer() {
    WebhookRetryClient client = client();
    String server = fake().baseUrl().replace("http://", "");
    fake().close();

    assertThatThrownBy(() -> list(client))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(server);
  }

  static List<FailedDelivery> list(WebhookRetryClient client) {
    return client.failures(DeliveryQuery.all()).toList();
  }

  /**
   * In how many ways the failures are asked for, where a provider refuses one with 400 or 422; once
   * by default.
   */
  protected int waysToAskForFailures() {
    return 1;
  }

  private int failureReads(Trouble trouble) {
    boolean isRefusal = trouble == Trouble.STATUS_400 || trouble == Trouble.STATUS_422;
    return isRefusal ? waysToAskForFailures() : reads(trouble);
  }

  private static int reads(Trouble trouble) {
    return trouble.passes() ? TRIES : 1;
  }

  /** Reads against a fault that so many requests meet, of so many that are made at the most. */
  private void assertRead(
      Trouble trouble, int faulty, int requests, Consumer<WebhookRetryClient> read) {
    WebhookRetryClient client = clientFor(trouble);
    if (faulty < requests) {
      read.accept(client);
    } else {
      assertThatThrownBy(() -> read.accept(client))
          .isInstanceOfSatisfying(
              RedriveException.class,
              e -> {
                assertThat(e).isInstanceOf(trouble.error);
                assertThat(e.getMessage())
                    .contains(traits().displayName())
                    .doesNotContainIgnoringCase("<html")
                    .doesNotContainIgnoringCase("doctype");
                assertThat(e.advice()).isNotBlank();
              });
      assertThat(fake().requestCount(Operation.LIST)).isEqualTo(requests);
    }
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  void assertUnsupported(Capability capability, ThrowingCallable call) {
    long before = fake().requestCount();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UnsupportedCapabilityException.class,
            e -> assertThat(e.capability()).isEqualTo(capability))
        .hasMessageContaining(traits().displayName())
        .hasMessageContaining(capability.description());
    assertThat(fake().requestCount()).isEqualTo(before);
  }
}
