package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
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

/** Failures that are asked for by time, event type, cause and webhook. */
public interface FilterContract extends ContractPart {
  @TestFactory
  default Stream<DynamicTest> failures_whenFiltered_areThoseThatMatch() {
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
  default void failures_whenCausesAreAskedOfAProviderThatTellsNone_failByName() {
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
  default void failures_whenAWebhookIsAskedOfAProviderThatCannotFilterByIt_failByName() {
    assumeTrue(!can(Capability.WEBHOOK_FILTER));
    fake().failures(3);
    String webhook = fake().webhookIds().get(0);

    assertUnsupported(
        Capability.WEBHOOK_FILTER,
        () -> client().failures(DeliveryQuery.builder().webhookId(webhook).build()).toList());
  }
}
