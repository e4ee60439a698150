package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.List;
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
    var settings =
        new RecoverySettings(
            List.of(),
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
            Duration.ofMinutes(2),
            Duration.ofMinutes(20),
            Duration.ofMinutes(1),
            TimeSource.system());
    return new Dispatcher(settings).choose(traits, List.of(perWebhook));
  }

  @Test
  void bulkRequestsGoOut_whenTheyAllFitOneWindow() {
    RecoveryPlan.Dispatch dispatch = choose(LIMITED, 2_500L);

    assertThat(dispatch.batchSize()).isEqualTo(500);
    assertThat(dispatch.requests()).isEqualTo(5);
    assertThat(dispatch.why()).contains("5 bulk requests", "2500 single ones");
    assertThat(dispatch.duration()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void singleRequestsGoOut_whenTheyEndSoonerAndLeaveTheDailyQuotaAlone() {
    RecoveryPlan.Dispatch dispatch = choose(LIMITED, 4_000L);

    assertThat(dispatch.batchSize()).isEqualTo(1);
    assertThat(dispatch.duration()).isLessThan(Duration.ofMinutes(15));
    assertThat(dispatch.why()).contains("4000 single requests", "8 bulk ones in 15 min");
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
}
