package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
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
    assertThat(ids(listing.stream().toList())).containsExactlyInAnyOrderElementsOf(first);

    first.addAll(fake().failures(2));

    assertThat(ids(listing.stream().toList())).containsExactlyInAnyOrderElementsOf(first);
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

    client().failures(DeliveryQuery.all()).iterator().next();

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
        client().failures(DeliveryQuery.builder().limit(limit).build()).stream().toList();

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
      assertThat(all.stream().map(FailedDelivery::cause)).as("causes").doesNotHaveSameHashCodeAs(0);
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
                      List<FailedDelivery> found = client().failures(query).stream().toList();
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
}
