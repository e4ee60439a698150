package dev.redrive.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two machines catch up in turn, every 10 minutes, while an endpoint is down for two hours. */
@Timeout(120)
class CatchUpOutageTest {
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final FastTime time = new FastTime(clock);
  private final RetryLedger ledger = new InMemoryLedger(time);
  private final FakeChatt2me fake =
      FakeChatt2me.builder().webhooks(2).window(EVERY.minusMinutes(2)).clock(clock).start();
  private final List<Chatt2meClient> clients = new ArrayList<>();
  private final List<CatchUp> machines = List.of(machine(), machine());
  private int rounds;

  private CatchUp machine() {
    Chatt2meClient client =
        Chatt2meClient.builder()
            .baseUrl(fake.baseUrl())
            .apiKey(fake.apiKey())
            .timeSource(time)
            .build();
    clients.add(client);
    return CatchUp.of(Recovery.of(client).ledger(ledger).timeSource(time)).build();
  }

  private CatchUpRound nextRound() {
    return nextRound(0);
  }

  /** Some time after the last round, in which events failed. */
  private CatchUpRound nextRound(int failed) {
    time.advance(EVERY);
    fake.failures(failed);
    CatchUp machine = machines.get(rounds++ % 2);
    return machine.runOnce(machine.accounts().get(0));
  }

  @BeforeEach
  void firstRound() {
    assertThat(nextRound().result()).isEqualTo(CatchUpRound.Result.COMPLETE);
  }

  @AfterEach
  void close() {
    clients.forEach(Chatt2meClient::close);
    fake.close();
    ledger.close();
  }

  @Test
  void everything_isDeliveredOnce_onceTheEndpointIsBack() {
    fake.endpoint().down(503);
    for (int round = 0; round < 12; round++) {
      assertThat(nextRound(30).result()).isEqualTo(CatchUpRound.Result.COMPLETE);
    }
    // Each of the two webhooks has three deliveries sent as a test, less often each time.
    assertThat(fake.endpoint().resends()).isBetween(12L, 36L);

    fake.endpoint().up();
    for (int round = 0; round < 30; round++) {
      nextRound();
    }

    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.endpoint().delivered()).isEqualTo(360);
  }

  @Test
  void aWebhookWhoseEndpointIsBroken_rests_andTheOtherGoesOn() {
    String broken = fake.webhookIds().get(0);
    fake.endpoint().answerWebhook(broken, 503);
    for (int round = 0; round < 12; round++) {
      nextRound(20);
    }

    assertThat(fake.endpoint().delivered()).isGreaterThan(60);
    assertThat(fake.endpoint().resends() - fake.endpoint().delivered()).isBetween(9L, 18L);
    assertThat(ledger.catchUps().resting(machines.get(0).accounts().get(0))).containsKey(broken);

    fake.endpoint().answerWebhook(broken, 200);
    for (int round = 0; round < 30; round++) {
      nextRound();
    }
    assertThat(fake.endpoint().neverDelivered()).isEmpty();
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(ledger.catchUps().resting(machines.get(0).accounts().get(0))).isEmpty();
  }
}
