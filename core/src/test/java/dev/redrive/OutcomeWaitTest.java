package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.RetryOutcome.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomeWaitTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Acme acme = new Acme();

  @AfterEach
  void clearFlag() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void awaitOutcomes_asksAgainUntilAllAreSettled_andForTheOpenOnesAlone() {
    RetryResult soon = accepted("soon");
    RetryResult late = accepted("late");
    acme.tells = result -> delivered(result, result == soon ? 2 : 20);

    List<RetryOutcome> outcomes = acme.awaitOutcomes(List.of(late, soon), MINUTE);

    assertThat(outcomes).extracting(RetryOutcome::result).containsExactly(late, soon);
    assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.DELIVERED);
    assertThat(acme.sleeps)
        .containsExactly(
            millis(500),
            millis(500),
            millis(1000),
            millis(2000),
            millis(4000),
            millis(8000),
            millis(10_000));
    assertThat(acme.asked).hasSize(7);
    assertThat(acme.asked.get(2)).containsExactly(late, soon);
    assertThat(acme.asked.subList(3, 7)).containsOnly(List.of(late));
  }

  @Test
  void awaitOutcomes_whenTheTimeIsOver_asksOnceMoreAndTellsWhatIsPending() {
    acme.tells = result -> delivered(result, 3600);

    List<RetryOutcome> outcomes =
        acme.awaitOutcomes(List.of(accepted("a")), Duration.ofMillis(1200));

    assertThat(outcomes).extracting(RetryOutcome::status).containsExactly(Status.PENDING);
    assertThat(acme.sleeps).containsExactly(millis(500), millis(500), millis(200));
    assertThat(acme.asked).hasSize(3);
  }

  @Test
  void awaitOutcomes_whenThereIsNoTime_asksOnceAndAtOnce() {
    acme.tells = result -> delivered(result, 3600);

    assertThat(acme.awaitOutcomes(List.of(accepted("a")), Duration.ZERO))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.PENDING);
    assertThat(acme.sleeps).isEmpty();
    assertThat(acme.asked).hasSize(1);
  }

  @Test
  void awaitOutcomes_whenNothingWentOut_waitsForNothing() {
    RetryResult rejected = RetryResult.rejected(delivery("a"), "no", NOON);
    acme.tells = result -> RetryOutcome.of(result, Status.REJECTED, "no");

    assertThat(acme.awaitOutcomes(List.of(rejected), MINUTE))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.REJECTED);
    assertThat(acme.awaitOutcomes(List.of(), MINUTE)).isEmpty();
    assertThat(acme.sleeps).isEmpty();
  }

  @Test
  void awaitOutcomes_whenNothingNewCanBeTold_doesNotAsk() {
    acme.least = Duration.ofSeconds(40);
    acme.tells = result -> delivered(result, 40);

    acme.awaitOutcomes(List.of(accepted("a")), MINUTE);

    assertThat(acme.sleeps).containsExactly(millis(500), millis(39_500));
    assertThat(acme.asked).hasSize(2);
  }

  @Test
  void awaitOutcomes_ofWhatTheLogsDoNotTell_waitsUntilTheProviderCanRecordNoMore() {
    acme.tells = result -> RetryOutcome.of(result, Status.UNKNOWN, "nobody knows");

    List<RetryOutcome> outcomes =
        acme.awaitOutcomes(List.of(accepted("a")), Duration.ofMinutes(10));

    assertThat(outcomes).extracting(RetryOutcome::status).containsExactly(Status.UNKNOWN);
    assertThat(acme.slept()).isBetween(acme.traits().settleTime(), Duration.ofSeconds(40));
  }

  /** A log that another retry made would look like evidence for the one whose answer was lost. */
  @Test
  void awaitOutcomes_whileAnAnswerIsLost_asksForAllOfThem() {
    RetryResult settled = accepted("a");
    RetryResult lost = RetryResult.unknown(delivery("b"), "lost", NOON);
    acme.tells = result -> delivered(result, result == settled ? 0 : 5);

    acme.awaitOutcomes(List.of(settled, lost), MINUTE);

    assertThat(acme.asked).hasSizeGreaterThan(2).containsOnly(List.of(settled, lost));
  }

  @Test
  void awaitOutcomes_whenAReadFailsForNow_goesOn() {
    acme.failures.add(new ProviderUnavailableException(call(), null));
    acme.failures.add(new RateLimitedException(call(), Duration.ofSeconds(20)));
    acme.tells = result -> delivered(result, 0);

    assertThat(acme.awaitOutcomes(List.of(accepted("a")), MINUTE))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED);
    assertThat(acme.sleeps).containsExactly(millis(500), millis(500), millis(20_000));
  }

  @Test
  void awaitOutcomes_whenWaitingDoesNotHelp_throwsAtOnce() {
    var refused = new AuthenticationException(call(), null);
    acme.failures.add(refused);
    assertThatThrownBy(() -> acme.awaitOutcomes(List.of(accepted("a")), MINUTE)).isSameAs(refused);

    var limited = new RateLimitedException(call(), Duration.ofHours(1));
    acme.failures.add(limited);
    assertThatThrownBy(() -> acme.awaitOutcomes(List.of(accepted("a")), MINUTE)).isSameAs(limited);

    assertThat(acme.asked).hasSize(2);
  }

  @Test
  void awaitOutcomes_whenInterrupted_endsAtOnceAndKeepsTheFlag() {
    acme.tells = result -> delivered(result, 3600);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> acme.awaitOutcomes(List.of(accepted("a")), MINUTE))
        .isInstanceOf(OperationInterruptedException.class)
        .hasMessageContaining("Acme: await outcomes failed: interrupted");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(acme.asked).isEmpty();
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  private static FailedCall call() {
    return FailedCall.withoutAnswer("Acme", "list logs", "not now");
  }

  private static FailedDelivery delivery(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("acme", "main", id), DeliveryStatus.FAILED).build());
  }

  private static RetryResult accepted(String id) {
    return RetryResult.accepted(delivery(id), "new", NOON);
  }

  private RetryOutcome delivered(RetryResult result, int afterSeconds) {
    return RetryOutcome.of(
        result,
        acme.now.isBefore(NOON.plusSeconds(afterSeconds)) ? Status.PENDING : Status.DELIVERED,
        "told");
  }

  /** A provider that tells outcomes as it is told to, in a time that passes by sleeping alone. */
  private static final class Acme implements WebhookRetryClient, TimeSource {
    private final List<List<RetryResult>> asked = new ArrayList<>();
    private final List<Duration> sleeps = new ArrayList<>();
    private final List<RedriveException> failures = new ArrayList<>();
    private Function<RetryResult, RetryOutcome> tells =
        result -> RetryOutcome.of(result, Status.PENDING, "not yet");
    private Duration least = Duration.ZERO;
    private Instant now = NOON;

    @Override
    public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
      asked.add(List.copyOf(results));
      if (!failures.isEmpty()) {
        throw failures.remove(0);
      }
      reader.accept(results.stream().map(tells).toList());
    }

    @Override
    public ProviderTraits traits() {
      return ProviderTraits.builder("acme", "Acme")
          .settleTime(Duration.ofSeconds(30))
          .outcomeTime(least, least)
          .build();
    }

    @Override
    public TimeSource timeSource() {
      return this;
    }

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public long nanoTime() {
      return Duration.between(NOON, now).toNanos();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      sleeps.add(duration);
      now = now.plus(duration);
    }

    Duration slept() {
      return Duration.between(NOON, now);
    }

    @Override
    public String account() {
      return "main";
    }

    @Override
    public List<Webhook> webhooks() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Listing<WebhookLog> logs(DeliveryQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Listing<FailedDelivery> failures(DeliveryQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RetryResult retry(FailedDelivery delivery) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
