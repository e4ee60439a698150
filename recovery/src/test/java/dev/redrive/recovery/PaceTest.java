package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final ManualTime time =
      ManualTime.of(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));

  @Test
  void noMoreThanTheLimitPassInAnyWindow_evenAroundAnEdge() {
    var pace = new Pace(time, List.of(new RateLimit(Scope.RETRY, 3, Duration.ofSeconds(10))));
    assertThat(pace.take(Scope.SINGLE_RETRY)).isZero();
    time.advance(Duration.ofSeconds(9));
    assertThat(pace.take(Scope.SINGLE_RETRY)).isZero();
    assertThat(pace.take(Scope.BULK_RETRY)).isZero();

    assertThat(pace.take(Scope.BULK_RETRY)).isEqualTo(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(1));
    assertThat(pace.take(Scope.BULK_RETRY)).isZero();
    assertThat(pace.take(Scope.BULK_RETRY)).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void limitsOfTheOtherRouteDoNotCount() {
    var pace = new Pace(time, List.of(new RateLimit(Scope.BULK_RETRY, 1, Duration.ofMinutes(15))));
    assertThat(pace.take(Scope.BULK_RETRY)).isZero();

    assertThat(pace.take(Scope.SINGLE_RETRY)).isZero();
    assertThat(pace.take(Scope.BULK_RETRY)).isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void aPauseHoldsAllBack_andOnlyEverGrows() {
    var pace = new Pace(time, List.of());
    pace.pause(Duration.ofSeconds(60));
    pace.pause(Duration.ofSeconds(5));

    assertThat(pace.take(Scope.SINGLE_RETRY)).isEqualTo(Duration.ofSeconds(60));
    assertThat(pace.rest()).isEqualTo(Duration.ofSeconds(60));
    time.advance(Duration.ofSeconds(60));
    assertThat(pace.rest()).isZero();
    assertThat(pace.take(Scope.SINGLE_RETRY)).isZero();
  }

  @Test
  void aRateSpacesRequestsEvenly() {
    Pace pace = Pace.ofRate(time, 4);
    assertThat(pace.take(Scope.SINGLE_RETRY)).isZero();

    assertThat(pace.take(Scope.BULK_RETRY)).isEqualTo(Duration.ofMillis(250));
  }
}
