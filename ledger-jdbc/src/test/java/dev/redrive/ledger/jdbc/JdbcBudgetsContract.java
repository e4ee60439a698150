package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.recovery.ledger.Budgets;
import dev.redrive.recovery.ledger.BudgetsContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the budgets in a database do besides. */
abstract class JdbcBudgetsContract extends BudgetsContract {
  /** How many turns are stored. */
  abstract int storedTurns() throws Exception;

  private void handOver() throws Exception {
    closeLedgers();
    budgets = opened();
  }

  @Test
  void whatWasUsed_whenHandedOver_isNotForgotten() throws Exception {
    RateLimit limit = limit(Scope.BULK_RETRY, 5, 900);
    for (int i = 0; i < 4; i++) {
      assertThat(take(limit)).isZero();
      advance(seconds(60));
    }
    budgets.takeTurns(seconds(9));

    handOver();

    assertThat(budgets.takeTurns(seconds(1)).firstIn()).isEqualTo(seconds(9));
    assertThat(take(limit)).isZero();
    assertThat(take(limit)).isEqualTo(seconds(660));
    budgets.pause(ACME, seconds(1_000));

    handOver();

    assertThat(budgets.rest(ACME)).isEqualTo(seconds(1_000));
    assertThat(take(limit)).isEqualTo(seconds(1_000));
  }

  @Test
  void whatWasUsed_isSeenByAnotherLedgerAtOnce() throws Exception {
    Budgets other = opened();
    RateLimit limit = limit(Scope.RETRY, 1, 10);
    assertThat(other.rest(ACME)).isZero();
    assertThat(take(limit)).isZero();

    assertThat(other.take(ACME, List.of(limit))).isEqualTo(seconds(10));
    other.pause(ACME, seconds(30));
    assertThat(budgets.rest(ACME)).isEqualTo(seconds(30));
  }

  @Test
  void take_overTime_storesNoMoreThanTheLimitNeeds() throws Exception {
    RateLimit perTenSeconds = limit(Scope.RETRY, 3, 10);
    RateLimit perMinute = limit(Scope.RETRY, 10, 60);
    int taken = 0;
    for (int i = 0; i < 200; i++) {
      taken += take(perTenSeconds, perMinute).isZero() ? 1 : 0;
      advance(seconds(3));
    }

    assertThat(taken).isEqualTo(100);
    assertThat(storedTurns()).isEqualTo(10);
  }

  @Test
  void aClockThatIsSetBack_holdsNothingBackForLongerThanIsDue() throws Exception {
    RateLimit limit = limit(Scope.RETRY, 2, 10);
    assertThat(take(limit)).isZero();
    assertThat(take(limit)).isZero();
    budgets.takeTurns(seconds(3));
    budgets.takeTurns(seconds(3));

    advance(Duration.ofDays(-100));

    assertThat(take(limit)).isEqualTo(seconds(10));
    assertThat(budgets.takeTurns(seconds(3)).firstIn()).isEqualTo(seconds(6));
    advance(seconds(10));
    assertThat(take(limit)).isZero();
    assertThat(take(limit)).isZero();
    assertThat(budgets.takeTurns(Duration.ofMillis(100)).count()).isEqualTo(2);

    budgets.pause(ACME, seconds(20));
    advance(Duration.ofDays(-100));
    assertThat(budgets.rest(ACME)).isZero();
    budgets.pause(ACME, seconds(5));
    assertThat(budgets.rest(ACME)).isEqualTo(seconds(5));
  }
}
