package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.testkit.MutableClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A provider whose responses show the new attempt, and one that retries first attempts only. */
class ShownAttemptsTest {
  private final FastTime time = new FastTime(MutableClock.at(ListedClient.T0.plusSeconds(3600)));
  private final InMemoryLedger ledger = new InMemoryLedger(time);
  private final ListedClient client = new ListedClient(time);

  @Test
  void outcomesThatResponsesShowAreNotRead() {
    client
        .lists(ListedClient.failures(20))
        .showsAttempts(delivery -> attempt(delivery, DeliveryStatus.SUCCEEDED));

    RecoveryReport report = recovery().build().run();

    assertThat(report.allDelivered()).isTrue();
    assertThat(report.counts().delivered()).isEqualTo(20);
    assertThat(client.outcomeReads()).isZero();
  }

  @Test
  void attemptsThatFailedAreKnownWithoutReading_andThoseNotShownAreRead() {
    client
        .lists(ListedClient.failures(20))
        .showsAttempts(
            delivery ->
                delivery.key().id().endsWith("7")
                    ? null
                    : attempt(delivery, DeliveryStatus.FAILED));

    RecoveryReport report = recovery().canary(0).stopRule(new StopRule(1, 50, 50)).build().run();

    assertThat(report.counts().failedAgain()).isEqualTo(18);
    assertThat(report.counts().delivered()).isEqualTo(2);
    assertThat(client.outcomeReads()).isEqualTo(2);
  }

  @Test
  void aFailedRetryIsRetriedUnderTheFirstAttemptsId() {
    FailedDelivery first = ListedClient.failed("log", "a", 0);
    WebhookLog second = attempt(first, DeliveryStatus.FAILED);
    client.lists(List.of(first)).showsAttempts(delivery -> second);
    assertThat(recovery().canary(0).build().run().counts().failedAgain()).isEqualTo(1);

    client.lists(List.of(FailedDelivery.of(second))).showsAttempts(delivery -> null);
    RecoveryReport unasked = recovery().build().run();
    RecoveryReport again = recovery().anotherRound().build().run();

    assertThat(unasked.counts().delivered()).isZero();
    assertThat(again.counts().delivered()).isEqualTo(1);
    assertThat(client.retried().stream().map(FailedDelivery::key))
        .containsExactly(first.key(), first.key());
    assertThat(client.retried().stream().map(delivery -> delivery.latest().logId()))
        .containsExactly("log", "log-retry");
  }

  private Recovery.Builder recovery() {
    return Recovery.of(client).ledger(ledger).timeSource(time);
  }

  /** The attempt of a retry, in a record of its own, of the same delivery. */
  private static WebhookLog attempt(FailedDelivery delivery, DeliveryStatus status) {
    return WebhookLog.builder(delivery.key(), status)
        .logId(delivery.key().id() + "-retry")
        .lineage(delivery.lineage())
        .webhook("hook", null, "https://example.com/hooks")
        .event(delivery.latest().eventId(), "Message")
        .httpStatus(status == DeliveryStatus.FAILED ? 503 : 200)
        .createdAt(delivery.latest().createdAt().plusSeconds(600))
        .build();
  }
}
