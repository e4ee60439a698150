package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuestionTest extends HttpTest {
  private static final String UUID = "0B97CE11-B6E0-49B4-8F92-68040AA324BF";

  private Question ask(TestClient client, RetryResult result) {
    return client.http.retries().questions(List.of(result), one -> null, known -> {}).get(0);
  }

  @Test
  void itTellsOfTheDelivery_andWhetherItsRetryWasAccepted() {
    TestClient client = client();
    FailedDelivery delivery = client.delivery(UUID);

    Question accepted = ask(client, RetryResult.accepted(delivery, null, time.now()));
    Question lost = ask(client, RetryResult.unknown(delivery, "lost", time.now()));

    assertThat(accepted.id()).isEqualTo("0b97ce11-b6e0-49b4-8f92-68040aa324bf");
    assertThat(accepted.before()).isSameAs(delivery.latest());
    assertThat(accepted.isAccepted()).isTrue();
    assertThat(lost.isAccepted()).isFalse();
  }

  @Test
  void whatNeedsNoReading_isHandedOver_andIsNoQuestion() {
    TestClient client = client();
    var known = new ArrayList<RetryOutcome>();
    var rejected = RetryResult.rejected(client.delivery("a"), "no", time.now());

    assertThat(client.http.retries().questions(List.of(rejected), one -> null, known::addAll))
        .isEmpty();
    assertThat(known).extracting(RetryOutcome::result).containsExactly(rejected);
  }

  @Test
  void itIsSettled_onceTheSettleTimeHasPassedByTheClientsClock() {
    TestClient client = client(settings -> settings.settleTime(Duration.ofSeconds(90)));
    RetryResult result = RetryResult.unknown(client.delivery("a"), "lost", client.http.now());

    assertThat(client.http.settleTime()).isEqualTo(Duration.ofSeconds(90));
    assertThat(ask(client, result).settled()).isFalse();
    time.advance(Duration.ofSeconds(89));
    Question early = ask(client, result);
    time.advance(Duration.ofSeconds(1));
    assertThat(early.settled()).isFalse();
    assertThat(ask(client, result).settled()).isTrue();
  }

  @Test
  void theRequestBegan_atTheEarliest_oneRequestTimeoutBeforeItEnded() {
    TestClient client = client(settings -> settings.requestTimeout(Duration.ofSeconds(20)));
    Instant ended = time.now();
    FailedDelivery delivery = client.delivery("a");
    var known = new Question(RetryResult.accepted(delivery, null, ended), ended, false);

    assertThat(ask(client, RetryResult.accepted(delivery, null, ended)).startedAt())
        .isEqualTo(ended.minusSeconds(20));
    // The provider's clock is an hour ahead.
    var clock = new Read.ProviderClock(ended.plusSeconds(3_600 + 30), ended.plusSeconds(30));
    assertThat(known.earliest(clock)).isEqualTo(ended.plusSeconds(3_600 - 5));
  }
}
