package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.FastTime;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SendWindowTest {
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T10:00:00Z")));
  private final SendWindow window = new SendWindow(time, Duration.ofSeconds(5));

  /** The room if far more is queued than fits. */
  private long room() {
    return window.room(1_000_000);
  }

  @Test
  void beginsWithOneRequestsWorth_andGrowsWhileOutcomesAreGood() {
    window.atLeast(50);
    assertThat(room()).isEqualTo(50);
    window.sent(50);
    assertThat(room()).isZero();

    window.settled(50, 50, 0);
    assertThat(room()).isEqualTo(400);
    window.sent(400);
    window.settled(400, 300, 100);
    window.sent(400);
    time.advance(SendWindow.PROMPT);
    assertThat(room()).isEqualTo(400);
  }

  @Test
  void room_whileNewsMayComeInAtOnce_isThatOfSome_orAShareOfWhatWasDelivered() {
    window.sent(3);
    window.settled(3, 3, 0);
    window.perRequest(50, 1);
    window.sent(200);
    window.settled(200, 200, 0);
    assertThat(room()).isEqualTo(400);

    window.sent(400);
    time.advance(SendWindow.PROMPT.minusMillis(1));
    assertThat(room()).isZero();
    time.advance(Duration.ofMillis(1));
    assertThat(room()).isEqualTo(1_200);

    window.sent(1_200);
    window.settled(1_600, 2_100, 0);
    assertThat(room()).isEqualTo(550);
  }

  @Test
  void room_ifMoreIsQueuedThanFits_isThatOfWholeRounds() {
    window.sent(3);
    window.settled(3, 3, 0);
    window.perRequest(50, 8);
    window.sent(200);
    window.settled(200, 2_397, 0);

    assertThat(window.room(601)).isEqualTo(400);
    assertThat(window.room(600)).isEqualTo(600);
  }

  @Test
  void room_whenAsManyRequestsAreOutAsARoundHas_isNone_evenIfTheyAreSmall() {
    window.sent(3);
    window.settled(3, 3, 0);
    window.perRequest(50, 8);
    window.sent(200);
    window.settled(200, 200, 0);

    for (int i = 0; i < 8; i++) {
      assertThat(window.room(5_000)).isEqualTo(400 - i * 40);
      window.sent(40);
    }
    assertThat(window.room(5_000)).isZero();
    time.advance(SendWindow.PROMPT);
    assertThat(window.room(5_000)).isEqualTo(1_600 - 320);
  }

  @Test
  void roomForLessThanOneRequest_isNone() {
    window.sent(3);
    window.settled(3, 3, 0);
    window.perRequest(50, 1);

    window.sent(150);
    assertThat(room()).isEqualTo(50);
    window.sent(1);
    assertThat(room()).isZero();
  }

  @Test
  void howManyAreOut_isTaken_onlyIfNoneWentOutSinceTheyWereCounted() {
    window.atLeast(50);
    window.sent(30);
    long before = window.sentSoFar();
    window.outAre(10, before);
    assertThat(room()).isEqualTo(40);

    window.sent(20);
    window.outAre(0, before);
    assertThat(room()).isEqualTo(20);
  }

  @Test
  void doesNotGrow_whenMoreThanOneInFourFailed() {
    window.atLeast(50);
    window.sent(50);

    window.settled(50, 37, 13);
    assertThat(room()).isEqualTo(50);
    window.sent(50);
    window.settled(50, 50, 0);
    assertThat(room()).isEqualTo(400);
  }

  @Test
  void goesOnWithSomeRequests_whenTheFirstFewWentWell() {
    window.sent(3);
    window.settled(3, 3, 0);

    window.perRequest(50, 1);
    assertThat(room()).isEqualTo(200);
    window.perRequest(1_000, 1);
    assertThat(room()).isEqualTo(1_000);
  }

  @Test
  void goesOnAsItWas_whenRequestsTakeNoMoreThanBefore() {
    window.sent(3);
    window.settled(3, 3, 0);
    window.perRequest(1, 1);
    window.atLeast(3);
    assertThat(room()).isEqualTo(8);

    window.perRequest(50, 1);
    window.sent(200);
    window.settled(200, 20, 180);
    window.perRequest(50, 1);
    assertThat(room()).isEqualTo(50);
  }

  @Test
  void goesOnWithOneRequest_whenMostOfTheFirstFewFailed() {
    window.sent(3);
    window.settled(3, 1, 2);

    window.perRequest(50, 1);
    assertThat(room()).isEqualTo(50);
  }

  @Test
  void staysAsItIs_untilEnoughOutcomesAreIn() {
    window.atLeast(50);
    window.sent(50);

    window.settled(24, 24, 0);
    assertThat(room()).isEqualTo(24);
    window.settled(1, 1, 0);
    assertThat(room()).isEqualTo(375);
  }

  @Test
  void beginsAnew_whenMostOutcomesAreBad() {
    window.atLeast(50);
    window.sent(50);
    window.settled(50, 50, 0);
    window.sent(400);

    window.settled(400, 160, 240);
    assertThat(room()).isEqualTo(50);
    window.sent(50);
    window.settled(50, 0, 50);
    assertThat(room()).isEqualTo(50);
    window.sent(50);
    window.settled(50, 50, 0);
    assertThat(room()).isEqualTo(400);
  }

  @Test
  void whatNeverWentOutLeavesItsRoom_andTellsNothing() {
    window.atLeast(10);
    window.sent(10);

    window.notSent(10);

    assertThat(room()).isEqualTo(10);
    assertThat(window.settled()).isEqualTo(10);
  }

  @Test
  void room_onceSomethingIsOutForLong_isWhatIsMissingToSome() {
    window.perRequest(50, 1);
    window.sent(200);
    window.settled(200, 200, 0);
    window.sent(150);
    time.advance(Duration.ofSeconds(4));
    window.sent(150);
    assertThat(room()).isPositive();

    time.advance(Duration.ofMillis(1_001));
    assertThat(room()).isZero();
    window.settled(120, 60, 60);
    assertThat(room()).isZero();
    window.settled(30, 30, 0);
    assertThat(room()).isGreaterThan(50);
    time.advance(Duration.ofSeconds(4));
    assertThat(room()).isEqualTo(50);
  }

  @Test
  void growsNoFurtherThanItsLimit() {
    window.atLeast(50);
    for (int i = 0; i < 60; i++) {
      long room = room();
      window.sent(room);
      window.settled(room, room, 0);
    }

    assertThat(room()).isEqualTo(10_000);
  }
}
