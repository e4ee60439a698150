package dev.redrive.baanx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only Baanx has: several webhooks to an event, and a list that shows 100 events. */
class BaanxScenariosTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-15T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private final FakeBaanx baanx = FakeBaanx.builder().webhooks(3).clock(clock).start();
  private final BaanxClient client =
      BaanxClient.builder()
          .baseUrl(baanx.baseUrl())
          .apiKey(baanx.apiKey())
          .timeSource(time)
          .build();

  @AfterEach
  void close() {
    client.close();
    baanx.close();
  }

  @Test
  void retryAll_whenOthersOfAnEventsWebhooksGotIt_thenOnlyTheRestGetIt() {
    List<String> webhooks = baanx.webhookIds();
    String event =
        baanx
            .event()
            .delivered(webhooks.get(0))
            .failed(webhooks.get(1), 503)
            .failed(webhooks.get(2), 404)
            .add();

    List<RetryOutcome> outcomes = client.outcomes(client.retryAll(failures()));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.DELIVERED);
    assertThat(baanx.endpoint().resends(event)).isEqualTo(2);
    assertThat(baanx.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(baanx.endpoint().neverDelivered()).isEmpty();
    assertThat(baanx.requestCount(Operation.RETRY)).isEqualTo(2);
    assertThat(baanx.requestCount(Operation.READ)).isEqualTo(1 + 1);
  }

  @Test
  void retryToAllWebhooks_sendsAgainWhatAWebhookGotAlready() {
    List<String> webhooks = baanx.webhookIds();
    String event = baanx.event().delivered(webhooks.get(0)).failed(webhooks.get(1), 503).add();

    BaanxEventRetry retry = client.retryToAllWebhooks(event);

    assertThat(retry.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(retry.webhookCount()).isEqualTo(2);
    assertThat(baanx.endpoint().delivered(event + "/" + webhooks.get(0))).isEqualTo(2);
    assertThat(client.eventStatus(event).status()).isEqualTo(BaanxEvent.Status.COMPLETED);
    assertThat(client.eventLogs(event)).hasSize(1 + 6 + 2);
  }

  @Test
  void failures_whenAReSendToAllFailedAtAWebhookThatHadTheEvent_thenItIsNotOneOfThem() {
    List<String> webhooks = baanx.webhookIds();
    String event = baanx.event().delivered(webhooks.get(0)).failed(webhooks.get(1), 503).add();
    baanx.endpoint().down(500);
    client.retryToAllWebhooks(event);

    assertThat(failures())
        .extracting(failure -> failure.key().id())
        .containsExactly(event + "/" + webhooks.get(1));
  }

  @Test
  void failures_whenMoreFailedThanAreShown_thenRoundsBringThemAllAndTheRestIsTold() {
    Set<String> ids = new HashSet<>(baanx.failures(400));
    assertThat(client.outOfSight()).isPositive();

    Set<String> found = new HashSet<>();
    int rounds = 0;
    for (List<FailedDelivery> round = failures(); !round.isEmpty(); round = failures()) {
      round.forEach(failure -> assertThat(found.add(failure.key().id())).isTrue());
      assertThat(client.retryAll(round))
          .allMatch(result -> result.status() == RetryResult.Status.ACCEPTED);
      rounds++;
    }

    assertThat(found).isEqualTo(ids);
    assertThat(rounds).isGreaterThan(1);
    assertThat(client.outOfSight()).isZero();
    assertThat(baanx.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(baanx.endpoint().neverDelivered()).isEmpty();
    assertThat(baanx.requestCount(Operation.RETRY)).isEqualTo(ids.size());
  }

  @Test
  void outcomes_whenTheQueueIsSlow_thenUnknownsArePendingAndThenDelivered() {
    baanx.failures(5);
    List<FailedDelivery> failures = failures();
    baanx.asyncDelay(Duration.ofMinutes(30));
    baanx.faults().on(Operation.RETRY).always().inject(Fault.lostAnswer());
    List<RetryResult> results = client.retryAll(failures);
    assertThat(results).allMatch(result -> result.status() == RetryResult.Status.UNKNOWN);

    time.advance(Duration.ofMinutes(10));
    assertThat(client.outcomes(results))
        .allMatch(outcome -> outcome.status() == RetryOutcome.Status.PENDING);

    time.advance(Duration.ofMinutes(30));
    assertThat(client.outcomes(results))
        .allMatch(outcome -> outcome.status() == RetryOutcome.Status.DELIVERED);
    assertThat(baanx.requestCount(Operation.RETRY)).isEqualTo(5);
  }

  @Test
  void outcomes_whenTheRequestWasLostBeforeTheWork_thenIsNotSentOnceSettled() {
    baanx.failures(5);
    List<FailedDelivery> failures = failures();
    baanx.faults().on(Operation.RETRY).always().inject(Fault.lostRequest());
    List<RetryResult> results = client.retryAll(failures);

    assertThat(client.outcomes(results))
        .allMatch(outcome -> outcome.status() == RetryOutcome.Status.PENDING);
    time.advance(client.traits().settleTime());
    assertThat(client.outcomes(results))
        .allMatch(outcome -> outcome.status() == RetryOutcome.Status.NOT_SENT);
    assertThat(baanx.endpoint().resends()).isZero();
  }

  @Test
  void retry_whenTheWebhookIsSwitchedOff_thenIsRejectedWithBaanxsWords() {
    String webhook = baanx.webhookIds().get(0);
    baanx.event().failed(webhook, 503).add();
    baanx.setActive(webhook, false);

    RetryResult result = client.retry(failures().get(0));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("Webhook is not active");
  }

  @Test
  void logs_whenListed_thenEveryFailedOneThatListsStillShowCanBeRetried() {
    baanx.failures(40);
    baanx.successes(300);

    List<WebhookLog> logs =
        client.logs(DeliveryQuery.builder().webhookId(baanx.webhookIds().get(1)).build()).toList();

    assertThat(logs).hasSize(100);
    assertThat(logs)
        .isSortedAccordingTo((a, b) -> b.createdAt().compareTo(a.createdAt()))
        .allMatch(log -> log.webhookId().equals(baanx.webhookIds().get(1)));
    Set<String> resolved = new HashSet<>();
    logs.stream().filter(log -> log.eventId() != null).forEach(log -> resolved.add(log.key().id()));
    Set<String> seen =
        failures().stream()
            .map(FailedDelivery::latest)
            .filter(latest -> logs.stream().anyMatch(log -> log.logId().equals(latest.logId())))
            .map(latest -> latest.key().id())
            .collect(Collectors.toSet());
    assertThat(seen).isNotEmpty();
    assertThat(resolved).containsAll(seen);
  }

  private List<FailedDelivery> failures() {
    return client.failures(DeliveryQuery.all()).toList();
  }
}
