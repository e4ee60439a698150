package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read is no evidence that an event may be sent. */
class Chatt2meUnreadableLogsTest {
  private static final String LATER = "00000000-0000-4000-8000-00000000000";

  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final ManualTime time = ManualTime.of(clock);
  private final FakeChatt2me fake = FakeChatt2me.builder().clock(clock).start();
  private final Chatt2meClient client =
      Chatt2meClient.builder()
          .apiKey(fake.apiKey())
          .baseUrl(fake.baseUrl())
          .webhookId(fake.webhookIds().get(0))
          .timeSource(time)
          .build();

  @AfterEach
  void close() {
    client.close();
    fake.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "\"gone\"",
        "{\"status\":\"Success\"}",
        "{\"id\":\"" + LATER + "1\",\"status\":\"Success\",\"messageId\":{}}",
        "{\"id\":\"" + LATER + "1\",\"status\":\"Success\",\"messageId\":[]}",
      })
  void aLogThatCannotBeReadIsNoProofThatNothingWasSent(String odd) {
    fake.delivery().add();
    FailedDelivery failed = client.failures(DeliveryQuery.all()).first().orElseThrow();
    fake.faults().on(Operation.RETRY).inject(Fault.lostRequest());
    RetryResult result = client.retry(failed);
    time.advance(Duration.ofMinutes(11));
    String own = failed.latest().json().text();

    answerWithLogs(odd + "," + own);
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("unreadable row");
    assertThat(outcome.mayBeSentAgain()).isFalse();

    answerWithLogs(own);
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
  }

  @Test
  void logsWithAnEmptyMessageIdAreNotOfOneEvent() {
    answerWithLogs(failed(1, "\"\"") + "," + failed(2, "\"\"") + "," + failed(3, "\" \""));

    assertThat(client.failures(DeliveryQuery.all()).stream().map(FailedDelivery::lineage))
        .hasSize(3)
        .doesNotHaveDuplicates();
  }

  @Test
  void aLogWhoseStatusCannotBeReadIsCounted() {
    answerWithLogs(
        failed(1, "\"m\"") + "," + failed(2, "\"n\"").replace("\"Failed\"", "{\"is\":\"Failed\"}"));

    var listing = client.failures(DeliveryQuery.all());

    assertThat(listing).hasSize(1);
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  private static String failed(int number, String messageId) {
    return """
        {"id":"%s%d","status":"Failed","statusCode":500,"messageId":%s,
         "createdDate":"2026-03-01T11:00:0%d.000Z","webhook":{"eventType":"Message"}}"""
        .formatted(LATER, number, messageId, number);
  }

  private RetryOutcome outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }

  private void answerWithLogs(String rows) {
    fake.faults().clear();
    fake.faults()
        .on(Operation.LIST)
        .always()
        .inject(Fault.answer(200, "application/json", "{\"data\":[" + rows + "]}"));
  }
}
