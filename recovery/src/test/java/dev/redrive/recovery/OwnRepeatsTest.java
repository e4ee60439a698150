package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A provider that repeats failed retries by itself, for a quarter of an hour. */
@Timeout(60)
class OwnRepeatsTest {
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration A_WHILE = Duration.ofSeconds(5);

  private final FastTime time = new FastTime(MutableClock.at(ListedClient.T0.plusSeconds(86_400)));
  private final InMemoryLedger ledger = new InMemoryLedger(time);
  private final ListedClient client = new ListedClient(time);
  private final Instant begun = time.now();

  @Test
  void ifTheEndpointIsStillBroken_theCanarySaysSoSoon() {
    client.lists(ListedClient.failures(300));
    repeats(delivery -> true, LONGEST, DeliveryStatus.FAILED);

    RecoveryReport report = recovery().build().run();

    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("the endpoint is still broken");
    assertThat(took()).isLessThan(Duration.ofSeconds(10));
    assertThat(client.retried()).hasSize(3);
    assertThat(report.counts().pending()).isEqualTo(3);
    assertThat(report.counts().notSent()).isEqualTo(297);
    assertThat(report.counts().addsUp()).isTrue();
  }

  @Test
  void whatTheProviderStillRepeatsForTheRunBeforeCountsOnce() {
    client.lists(ListedClient.failures(300));
    repeats(delivery -> true, LONGEST, DeliveryStatus.FAILED);
    assertThat(recovery().build().run().counts().pending()).isEqualTo(3);

    List<FailedDelivery> first = client.retried().stream().toList();
    client.lists(
        Stream.concat(
                first.stream().map(this::beingRetried),
                ListedClient.failures(300).stream().filter(failure -> !first.contains(failure)))
            .toList());
    repeats(delivery -> first.contains(delivery), A_WHILE, DeliveryStatus.SUCCEEDED);
    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().skipped()).isEmpty();
    assertThat(report.counts().found()).isEqualTo(300);
    assertThat(report.counts().delivered()).isEqualTo(300);
    assertThat(report.allDelivered()).isTrue();
    assertThat(client.retried()).hasSize(300);
  }

  private FailedDelivery beingRetried(FailedDelivery failure) {
    return FailedDelivery.of(
        WebhookLog.builder(failure.key(), DeliveryStatus.FAILED)
            .lineage(failure.lineage())
            .webhook("hook", null, "https://example.com/hooks")
            .httpStatus(503)
            .createdAt(failure.latest().createdAt())
            .nextRetryAt(time.now().plus(LONGEST))
            .build());
  }

  @Test
  void ifTheEndpointBreaksDown_theRunStopsSoon() {
    client.lists(ListedClient.failures(3_000));
    repeats(
        delivery -> Integer.parseInt(delivery.latest().logId().substring(4)) >= 1_000,
        LONGEST,
        DeliveryStatus.FAILED);

    RecoveryReport report = recovery().build().run();

    assertThat(report.problems()).singleElement().asString().contains("broken or overloaded");
    assertThat(took()).isLessThan(Duration.ofSeconds(30));
    assertThat(report.counts().delivered()).isEqualTo(1_000);
    assertThat(report.counts().pending()).isBetween(20L, 500L);
    assertThat(report.counts().addsUp()).isTrue();
  }

  @Test
  void fewThatKeepFailingAreNotAwaitedLong_andTheNextRunTellsWhatCameOfThem() {
    client.lists(ListedClient.failures(300));
    repeats(delivery -> delivery.latest().logId().endsWith("7"), LONGEST, DeliveryStatus.FAILED);

    RecoveryReport report = recovery().build().run();

    assertThat(report.counts().delivered()).isEqualTo(270);
    assertThat(report.counts().pending()).isEqualTo(30);
    assertThat(report.problems()).isEmpty();
    assertThat(took()).isBetween(Duration.ofMinutes(1), Duration.ofSeconds(100));

    time.advance(LONGEST);
    client.lists(List.of());
    assertThat(recovery().build().run().counts().failedAgain()).isEqualTo(30);
    assertThat(client.retried()).hasSize(300);
  }

  @Test
  void aRequestOfADeadRunThatKeepsFailingIsNotAwaited() {
    List<FailedDelivery> failures = ListedClient.failures(300);
    Account account = Account.of(client);
    ledger.begin(new LedgerRun("dead", List.of(account), time.now()));
    ledger.admit("dead", account, failures, RetryLedger.Round.FIRST);
    ledger.approve("dead");
    assertThat(
            ledger.claim(
                "dead", account, RetryLedger.Grouping.ANY, 2, time.now(), Duration.ofMinutes(1)))
        .hasSize(2);
    time.advance(Duration.ofMinutes(2));
    client.lists(failures.subList(2, 300));
    repeats(delivery -> true, LONGEST, DeliveryStatus.FAILED);

    RecoveryReport report = recovery().build().run();

    assertThat(report.problems())
        .singleElement()
        .asString()
        .contains("the endpoint is still broken");
    assertThat(took()).isLessThan(Duration.ofMinutes(2).plusSeconds(30));
    assertThat(client.retried()).hasSize(3);
    assertThat(report.counts().unknown() + report.counts().pending()).isEqualTo(5);
    assertThat(report.counts().addsUp()).isTrue();
  }

  @Test
  void whatTheProviderRepeatsWithSuccessIsAwaited() {
    client.lists(ListedClient.failures(300));
    repeats(
        delivery -> delivery.latest().logId().endsWith("7"),
        Duration.ofSeconds(30),
        DeliveryStatus.SUCCEEDED);

    RecoveryReport report = recovery().build().run();

    assertThat(report.allDelivered()).isTrue();
    assertThat(report.counts().delivered()).isEqualTo(300);
    assertThat(client.retried()).hasSize(300);
  }

  @Test
  void aRetryThatFailsForGoodAfterItsRepeatsCountsOnce() {
    client.lists(ListedClient.failures(400));
    repeats(
        delivery -> delivery.latest().logId().endsWith("7"),
        Duration.ofSeconds(5),
        DeliveryStatus.FAILED);

    // One of ten fails. If it counted twice, that would be two of eleven.
    RecoveryReport report =
        recovery().maxRate(10).stopRule(new StopRule(0.14, 200, 100)).build().run();

    assertThat(report.problems()).isEmpty();
    assertThat(report.counts().failedAgain()).isEqualTo(40);
    assertThat(report.counts().delivered()).isEqualTo(360);
  }

  private void repeats(Predicate<FailedDelivery> fails, Duration time, DeliveryStatus last) {
    client.tells(
        LONGEST,
        result ->
            fails.test(result.delivery())
                ? attempt(result, result.requestedAt().plus(time), last)
                : null);
  }

  private @Nullable RetryOutcome attempt(RetryResult result, Instant end, DeliveryStatus last) {
    boolean isOver = !time.now().isBefore(end);
    WebhookLog before = result.delivery().latest();
    return RetryOutcome.of(
        result,
        WebhookLog.builder(result.key(), isOver ? last : DeliveryStatus.FAILED)
            .logId(Objects.requireNonNullElse(result.newLogId(), result.key().id()))
            .lineage(before.lineage())
            .webhook("hook", null, "https://example.com/hooks")
            .httpStatus(isOver && last == DeliveryStatus.SUCCEEDED ? 200 : 503)
            .createdAt(result.requestedAt())
            .nextRetryAt(isOver ? null : end)
            .build());
  }

  private Duration took() {
    return Duration.between(begun, time.now());
  }

  private Recovery.Builder recovery() {
    return Recovery.of(client).ledger(ledger).timeSource(time);
  }
}
