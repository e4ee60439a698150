package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static dev.redrive.testkit.contract.Deliveries.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.NetworkException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is listed of the failures: all of them, once each, and no others. */
public interface FailuresContract extends ContractPart {
  @Test
  default void failures_whenThereAreNone_areEmpty() {
    fake().successes(20);

    assertThat(listed()).isEmpty();
    assertThat(fake().requestCount(Operation.RETRY)).isZero();
  }

  @Test
  default void failures_whenTheyFillPages_comeOnceEach() {
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
  default void failures_whenListedTwice_areAskedForAnew() {
    var listing = client().failures(DeliveryQuery.all());
    List<String> first = new ArrayList<>(fake().failures(3));
    assertThat(ids(listing.toList())).containsExactlyInAnyOrderElementsOf(first);

    first.addAll(fake().failures(2));

    assertThat(ids(listing.toList())).containsExactlyInAnyOrderElementsOf(first);
  }

  @Test
  default void failures_whenNotIterated_costNoRequest() {
    fake().failures(5);
    long before = fake().requestCount();

    client().failures(DeliveryQuery.all());

    assertThat(fake().requestCount()).isEqualTo(before);
  }

  @Test
  default void failures_whenOneIsTaken_costOnePage() {
    fake().failures(manyFailures());
    traits();
    long before = fake().requestCount(Operation.LIST);

    assertThat(client().failures(DeliveryQuery.all()).first()).isPresent();

    assertThat(fake().requestCount(Operation.LIST) - before).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest(name = "limit {0}")
  @ValueSource(ints = {1, 2, 49, 50, 51, 99, 100, 101})
  default void failures_whenLimited_endThere(int limit) {
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

  @Test
  default void failures_whenRowsComeAndGoBetweenPages_skipNoneThatStays() {
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
  default void failures_whenNewOnesArriveBetweenPages_skipNoneAndRepeatNone() {
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
  default void failures_whileTheProviderStillTries_areLeftOutOrMarked() {
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
  default void failures_whileARetryIsQueued_showNoNewOne() {
    List<FailedDelivery> failures = failed(5);
    fake().asyncDelay(Duration.ofHours(1));
    fake().endpoint().up();
    client().retry(failures.get(0));

    assertThat(ids(failures)).containsAll(ids(listed()));
  }

  @Test
  default void failures_whenThereAreManyWebhooks_areThoseOfAll() {
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
  default void failures_whenNobodyListens_sayWhichServer() {
    WebhookRetryClient client = client();
    String server = fake().baseUrl().replace("http://", "");
    fake().close();

    assertThatThrownBy(() -> list(client))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining(server);
  }
}
