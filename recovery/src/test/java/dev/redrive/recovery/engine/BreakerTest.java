package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Breaker breaker = new Breaker();

  private void fails(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(breaker.failed()).isTrue();
    }
  }

  @Test
  void fewFailuresInARow_holdNothingUp() {
    fails(2);
    breaker.succeeded();
    fails(2);

    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.isProbing()).isFalse();
  }

  @Test
  void aBurst_isOneRest_howeverManyFailAtOnce() {
    fails(8);

    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.rest()).isEqualTo(Duration.ofSeconds(5));
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.isProbing()).isTrue();
    assertThat(breaker.rest()).isZero();
  }

  @Test
  void aProbeThatGoesThrough_closesIt_andForgetsTheRests() {
    fails(3);
    breaker.rest();
    breaker.succeeded();

    assertThat(breaker.isProbing()).isFalse();
    fails(3);
    assertThat(breaker.rest()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void probesThatFail_restLonger_andTheThirdEndsIt() {
    fails(3);
    assertThat(breaker.rest()).isEqualTo(Duration.ofSeconds(5));
    fails(1);
    assertThat(breaker.rest()).isEqualTo(Duration.ofSeconds(15));
    fails(1);
    assertThat(breaker.rest()).isEqualTo(Duration.ofSeconds(60));

    assertThat(breaker.failed()).isFalse();
    assertThat(breaker.failedInARow()).isEqualTo(6);
  }
}
