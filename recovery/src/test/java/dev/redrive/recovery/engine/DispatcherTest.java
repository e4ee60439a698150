package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.TimeSource;
import dev.redrive.recovery.ListedClient;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.StopRule;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DispatcherTest {
  /** ONLYOFFICE's limits as documented. */
  private static final ProviderTraits LIMITED =
      ProviderTraits.builder("onlyoffice", "ONLYOFFICE DocSpace")
          .capabilities(Capability.BULK_RETRY, Capability.BULK_ACROSS_WEBHOOKS)
          .batchSize(500)
          .concurrentRetries(15)
          .limits(
              new RateLimit(RateLimit.Scope.BULK_RETRY, 5, Duration.ofMinutes(15)),
              new RateLimit(RateLimit.Scope.SINGLE_RETRY, 1500, Duration.ofMinutes(1)),
              new RateLimit(RateLimit.Scope.RETRY, 10_000, Duration.ofDays(1)))
          .build();

  private static RecoveryPlan.Dispatch choose(ProviderTraits traits, Long... perWebhook) {
    return new Dispatcher(settings(Duration.ofMinutes(2))).choose(traits, List.of(perWebhook));
  }

  private static RecoverySettings settings(@Nullable Duration verifyTimeout) {
    return new RecoverySettings(
        List.of(new ListedClient(TimeSource.system())),
        DeliveryQuery.all(),
        new InMemoryLedger(),
        delivery -> false,
        plan -> true,
        RecoveryListener.NONE,
        RetryLedger.Round.FIRST,
        RecoverySettings.EarlierRuns.RESUMED,
        StopRule.DEFAULT,
        3,
        Double.POSITIVE_INFINITY,
        8,
        Integer.MAX_VALUE,
        verifyTimeout,
        Duration.ofMinutes(20),
        Duration.ofSeconds(5),
        Duration.ofMinutes(1),
        "",
        TimeSource.system());
  }

  @Test
  void bulkRequestsGoOut_whenTheyAllFitOneWindow() {
    RecoveryPlan.Dispatch dispatch = choose(LIMITED, 2_500L);

    assertThat(dispatch.batchSize()).isEqualTo(500);
    assertThat(dispatch.requests()).isEqualTo(5);
    assertThat(dispatch.why()).contains("5 bulk requests", "2500 single requests");
    assertThat(dispatch.duration()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void singleRequestsGoOut_whenTheyEndSoonerAndLeaveTheDailyQuotaAlone() {
    RecoveryPlan.Dispatch dispatch = choose(LIMITED, 4_000L);

    assertThat(dispatch.batchSize()).isEqualTo(1);
    assertThat(dispatch.duration()).isLessThan(Duration.ofMinutes(15));
    assertThat(dispatch.why()).contains("4000 single requests", "8 bulk requests take 15 min");
  }

  @Test
  void bulkRequestsGoOut_whenSingleOnesWouldEatTheDailyQuota() {
    RecoveryPlan.Dispatch dispatch = choose(LIMITED, 9_000L);

    assertThat(dispatch.batchSize()).isEqualTo(500);
    assertThat(dispatch.requests()).isEqualTo(18);
    assertThat(dispatch.duration()).isEqualTo(Duration.ofMinutes(45));
    assertThat(dispatch.why()).contains("10000 requests");
  }

  @Test
  void requestsAreCountedWebhookByWebhook_whereOneRequestTakesThoseOfOne() {
    ProviderTraits byWebhook =
        ProviderTraits.builder("chatt2me", "Chatt2.me")
            .capabilities(Capability.BULK_RETRY)
            .batchSize(50)
            .build();

    assertThat(choose(byWebhook, 51L, 10L, 100L).requests()).isEqualTo(2 + 1 + 2);
    assertThat(choose(LIMITED, 51L, 10L, 100L).requests()).isEqualTo(1);
  }

  @Test
  void theTimeToWaitIsCounted_whereDeliveryIsInferredFromAbsence() {
    ProviderTraits absence =
        ProviderTraits.builder("voiso", "Voiso")
            .outcomeTime(Duration.ofMinutes(1), Duration.ofMinutes(1))
            .build();

    assertThat(choose(absence, 3L).duration()).isBetween(minutes(1), minutes(2));
    assertThat(choose(absence, 100L).duration()).isBetween(minutes(2), minutes(3));
    assertThat(choose(absence, 0L).duration()).isZero();
  }

  @Test
  void outcomesAreWaitedForAsLongAsTheProviderMayNeed_unlessAskedOtherwise() {
    ProviderTraits slow =
        ProviderTraits.builder("slow", "Slow").outcomeTime(Duration.ZERO, minutes(10)).build();
    ProviderTraits late = ProviderTraits.builder("late", "Late").settleTime(minutes(12)).build();
    ProviderTraits quick = ProviderTraits.builder("quick", "Quick").build();

    assertThat(settings(null).verifyTimeout(slow)).isEqualTo(minutes(10).plusSeconds(30));
    assertThat(settings(null).verifyTimeout(late)).isEqualTo(minutes(12).plusSeconds(30));
    assertThat(settings(null).verifyTimeout(quick)).isEqualTo(minutes(2));
    assertThat(settings(Duration.ZERO).verifyTimeout(slow)).isZero();
    assertThat(settings(Duration.ZERO).patience(slow)).isEqualTo(minutes(2));
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }
}
