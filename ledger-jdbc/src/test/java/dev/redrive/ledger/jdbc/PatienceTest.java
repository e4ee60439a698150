package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final PassingTime time = new PassingTime();

  @Test
  void awaitNext_waitsLongerEachTime_andEndsInTime() {
    var patience = new Patience(time, () -> false);

    int attempts = 1;
    while (patience.awaitNext()) {
      attempts++;
    }

    List<Duration> sleeps = time.sleeps();
    assertThat(attempts).isBetween(12, 25);
    assertThat(sleeps.get(0)).isLessThanOrEqualTo(Duration.ofMillis(50));
    assertThat(sleeps.get(sleeps.size() - 1))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(sleeps.stream().reduce(Duration.ZERO, Duration::plus))
        .isBetween(Patience.MOST.minusSeconds(2), Patience.MOST);
  }

  @Test
  void awaitNext_whenAnAttemptTookLong_countsThat() {
    var patience = new Patience(time, () -> false);
    time.sleep(Patience.MOST);

    assertThat(patience.awaitNext()).isFalse();
  }

  @Test
  void awaitNext_whenClosedMeanwhile_isFalse() {
    var closed = new AtomicBoolean();
    var patience = new Patience(time, closed::get);
    time.whileAsleep(() -> closed.set(true));

    assertThat(patience.awaitNext()).isFalse();
    assertThat(patience.awaitNext()).isFalse();
    assertThat(time.sleeps()).hasSize(1);
  }
}
