package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.ids;
import static dev.redrive.testkit.contract.Deliveries.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.RedriveException;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists whose pages fail, or hold what no documentation knows. */
public interface ListingFaultsContract extends ContractPart {
  /**
   * In how many ways the failures are asked for, where a provider refuses one with 400 or 422; once
   * by default.
   */
  default int waysToAskForFailures() {
    return 1;
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void failures_whenAPageFailsOnce(Trouble trouble) {
    assumeTrue(isFailure(trouble), "an array of nulls is a list");
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
  default void failures_whenEveryPageFails(Trouble trouble) {
    assumeTrue(isFailure(trouble), "an array of nulls is a list");
    fake().failures(20);
    fake().faults().on(Operation.LIST).always().inject(trouble.fault);

    assertRead(trouble, TRIES, failureReads(trouble), Deliveries::list);
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void failures_whenALaterPageFailsOnce(Trouble trouble) {
    assumeTrue(isFailure(trouble), "an array of nulls is a list");
    List<String> ids = fake().failures(Math.min(manyFailures(), traits().pageSize() + 5));
    // With a limit nothing is read ahead, which the fault might meet instead.
    client().failures(DeliveryQuery.builder().limit(ids.size()).build()).toList();
    fake().faults().on(Operation.LIST, Operation.READ).nth(2).inject(trouble.fault);
    WebhookRetryClient client = trouble.client(this);

    if (trouble.passes()) {
      assertThat(ids(list(client))).containsExactlyInAnyOrderElementsOf(ids);
    } else {
      assertThatThrownBy(() -> list(client)).isInstanceOf(trouble.error);
    }
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void logs_whenAPageFails(Trouble trouble) {
    assumeTrue(isFailure(trouble), "an array of nulls is a list");
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
  default void webhooks_whenTheReadFails(Trouble trouble) {
    assumeTrue(isFailure(trouble), "an array of nulls is a list");
    assumeTrue(can(Capability.WEBHOOKS));
    fake().faults().on(Operation.WEBHOOKS).always().inject(trouble.fault);
    WebhookRetryClient client = trouble.client(this);

    assertThatThrownBy(client::webhooks).isInstanceOf(trouble.error);
    assertThat(fake().requestCount(Operation.WEBHOOKS)).isEqualTo(trouble.passes() ? TRIES : 1);
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  @Test
  default void failures_whenAnswersHaveTheWrongContentType_areRead() {
    List<String> ids = fake().failures(20);
    fake().faults().onAny().always().inject(Fault.wrongContentType());

    assertThat(ids(listed())).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  default void failures_whenAnswersHaveUnknownFields_areRead() {
    List<String> ids = fake().failures(20);
    fake().faults().onAny().always().inject(Fault.unknownFields());

    assertThat(ids(listed())).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  default void listings_whenEnumsHaveUnknownValues_areReadAndCallThemUnknown() {
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

  private boolean isFailure(Trouble trouble) {
    return trouble != Trouble.LIST_OF_NULLS || !listsAreArrays();
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
    WebhookRetryClient client = trouble.client(this);
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
}
