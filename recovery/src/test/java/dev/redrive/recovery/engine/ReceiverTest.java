package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.WatchedLedger;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReceiverTest {
  private final ManualTime time =
      ManualTime.of(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final AtomicInteger calls = new AtomicInteger();
  private final RetryLedger ledger =
      WatchedLedger.answering(
          new InMemoryLedger(time), "budgets", budgets -> calls.incrementAndGet());

  private Receiver receiver(double maxRate) {
    return new Receiver(8, maxRate, ledger, time);
  }

  /** Takes turns for a second, each as soon as it may; how many there were. */
  private int turnsInASecond(Receiver... receivers) {
    int turns = 0;
    for (int millis = 0; millis < 1_000; millis++) {
      for (Receiver receiver : receivers) {
        turns += receiver.takeTurn().isZero() ? 1 : 0;
      }
      time.advance(Duration.ofMillis(1));
    }
    return turns;
  }

  @Test
  void aRate_spacesRequestsEvenly() {
    Receiver receiver = receiver(4);
    assertThat(receiver.takeTurn()).isZero();

    assertThat(receiver.takeTurn()).isEqualTo(Duration.ofMillis(250));
    time.advance(Duration.ofMillis(250));
    assertThat(receiver.takeTurn()).isZero();
    assertThat(turnsInASecond(receiver)).isEqualTo(3);
  }

  @Test
  void withoutARate_theLedgerIsNotAsked() {
    Receiver receiver = receiver(Double.POSITIVE_INFINITY);

    assertThat(receiver.takeTurn()).isZero();
    assertThat(receiver.takeTurn()).isZero();
    assertThat(calls).hasValue(0);
  }

  @Test
  void aHighRate_asksTheLedgerAFewTimesASecond() {
    assertThat(turnsInASecond(receiver(500))).isEqualTo(500);
    assertThat(calls).hasValueBetween(5, 6);
  }

  @Test
  void twoRuns_shareOneRate_halfEach() {
    Receiver one = receiver(100);
    Receiver other = receiver(100);
    int ofOne = 0;
    int ofOther = 0;
    for (int millis = 0; millis < 4_000; millis++) {
      ofOne += one.takeTurn().isZero() ? 1 : 0;
      ofOther += other.takeTurn().isZero() ? 1 : 0;
      time.advance(Duration.ofMillis(1));
    }

    assertThat(ofOne + ofOther).isBetween(380, 400);
    assertThat(ofOne).isBetween(180, 220);
  }

  @Test
  void twoRunsOfDifferentRates_keepToTheLower() {
    assertThat(turnsInASecond(receiver(5), receiver(1_000))).isBetween(5, 6);
  }

  @Test
  void turnsThatWereNotUsedInTime_areLost() {
    Receiver one = receiver(100);
    assertThat(one.takeTurn()).isZero();
    time.advance(Duration.ofSeconds(1));
    Receiver other = receiver(100);
    assertThat(other.takeTurn()).isZero();

    assertThat(one.takeTurn()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void aTurnThatIsUsedLate_putsOffTheNext() {
    Receiver receiver = receiver(100);
    assertThat(receiver.takeTurn()).isZero();
    time.advance(Duration.ofMillis(25));
    assertThat(receiver.takeTurn()).isZero();

    assertThat(receiver.takeTurn()).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void theLowestRates_wait() {
    Receiver receiver = receiver(Double.MIN_VALUE);
    assertThat(receiver.takeTurn()).isZero();

    assertThat(receiver.takeTurn()).isGreaterThan(Duration.ofDays(300));
    assertThat(receiver.takeTurn()).isGreaterThan(Duration.ofDays(300));
  }
}
