package dev.redrive.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.MutableClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a recovery logs at debug. */
@Timeout(60)
class RecoveryLogTest {
  private final FastTime time =
      new FastTime(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));

  @Test
  void eachStepIsLogged_withItsRunAndAccount_andNoSecret() {
    try (FakeChatt2me fake = FakeChatt2me.builder().webhooks(2).start();
        Chatt2meClient client =
            Chatt2meClient.builder()
                .baseUrl(fake.baseUrl())
                .apiKey(fake.apiKey())
                .timeSource(time)
                .build()) {
      fake.failures(60);
      fake.endpoint().up().answerWebhook(fake.webhookIds().get(0), 404);
      var report = new AtomicReference<RecoveryReport>();

      List<String> logged =
          captured(
              () ->
                  report.set(
                      Recovery.of(client)
                          .ledger(new InMemoryLedger())
                          .timeSource(time)
                          .build()
                          .run()));

      String run = "run=" + report.get().run();
      String account = run + " account=" + Account.of(client);
      List<String> own = logged.stream().filter(line -> line.contains(run)).toList();
      assertThat(own.get(0)).contains(run + " begins", Account.of(client).toString());
      assertThat(own.get(own.size() - 1))
          .contains(run + " ended STOPPED", "delivered=" + report.get().counts().delivered());
      for (Phase phase : List.of(Phase.SETTLING, Phase.COLLECTING, Phase.CANARY, Phase.SENDING)) {
        assertThat(own).anyMatch(line -> line.endsWith(run + " phase=" + phase));
      }
      assertThat(own).anyMatch(line -> line.contains(account + " plan: 60 to send"));
      assertThat(own.stream().filter(line -> line.contains(account + " request: ")).count())
          .isEqualTo(report.get().requests());
      assertThat(own).anyMatch(line -> line.matches(".* reading: \\d+ asked, \\d+ settled.*"));
      assertThat(own)
          .anyMatch(
              line -> line.contains(account + " problem: webhook " + fake.webhookIds().get(0)));
      assertThat(logged).noneMatch(line -> line.contains(fake.apiKey()));
    }
  }

  private static List<String> captured(Runnable action) {
    PrintStream err = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      action.run();
      return bytes.toString(UTF_8).lines().toList();
    } finally {
      System.setErr(err);
    }
  }
}
