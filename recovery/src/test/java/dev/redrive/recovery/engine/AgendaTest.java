package dev.redrive.recovery.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgendaTest {
  private static final Instant SENT = Instant.parse("2026-03-01T10:00:00Z");

  private final LedgerEntry entry = entry(1);

  private static LedgerEntry entry(long id) {
    return LedgerEntry.found(
            id,
            new Account("voiso", "x"),
            new FailedDelivery(
                WebhookLog.builder(new DeliveryKey("voiso", "x", "f" + id), DeliveryStatus.FAILED)
                    .build(),
                FailureCause.UNKNOWN))
        .claimed(SENT);
  }

  @Test
  void isDue_onceSoon_andThenNotBeforeTheProviderMustKnow() {
    var agenda = new Agenda(Duration.ofSeconds(30));
    Instant soon = SENT.plusMillis(500);

    assertThat(agenda.isDue(entry, soon.minusMillis(1))).isFalse();
    assertThat(agenda.isDue(entry, soon)).isTrue();
    agenda.isStillOpen(entry, soon);
    assertThat(agenda.isDue(entry, SENT.plusSeconds(29))).isFalse();
    assertThat(agenda.isDue(entry, SENT.plusSeconds(30))).isTrue();
    assertThat(agenda.firstOf(List.of(entry))).isEqualTo(SENT.plusSeconds(30));
    assertThat(agenda.firstOf(List.of())).isEqualTo(Instant.MAX);
  }

  @Test
  void isDue_soonForOneInTen_onceThatWasInVainForMany() {
    var agenda = new Agenda(Duration.ofSeconds(30));
    Instant soon = SENT.plusMillis(500);
    for (int id = 1; id <= 20; id++) {
      assertThat(agenda.isDue(entry(id), soon)).isTrue();
      agenda.isStillOpen(entry(id), soon);
    }

    assertThat(agenda.isDue(entry(39), soon)).isFalse();
    assertThat(agenda.isDue(entry(39), SENT.plusSeconds(30))).isTrue();
    assertThat(agenda.isDue(entry(40), soon)).isTrue();
  }

  @Test
  void isDue_soonForAll_onceASuccessWasToldSoon() {
    var agenda = new Agenda(Duration.ofSeconds(30));
    Instant soon = SENT.plusMillis(500);
    for (int id = 1; id <= 20; id++) {
      agenda.isStillOpen(entry(id), soon);
    }

    agenda.isSettled(entry(30), false, soon);
    assertThat(agenda.isDue(entry(39), soon)).isFalse();
    agenda.isSettled(entry(40), true, soon);
    assertThat(agenda.isDue(entry(39), soon)).isTrue();
  }

  @Test
  void isDue_afterEachVainReading_twiceAsLongAsBefore_tenSecondsAtMost() {
    var agenda = new Agenda(Duration.ZERO);
    Instant now = SENT;
    for (long wait : List.of(100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000)) {
      assertThat(agenda.isDue(entry, now)).isTrue();
      agenda.isStillOpen(entry, now);
      assertThat(agenda.isDue(entry, now.plusMillis(wait - 1))).isFalse();
      now = now.plusMillis(wait);
    }

    agenda.isSettled(entry, true, now);
    assertThat(agenda.isDue(entry, SENT)).isTrue();
  }
}
