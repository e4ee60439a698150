package dev.redrive.baanx;

import static dev.redrive.baanx.Json.WEBHOOK_A;
import static dev.redrive.baanx.Json.WEBHOOK_B;
import static dev.redrive.baanx.Json.attempt;
import static dev.redrive.baanx.Json.attemptId;
import static dev.redrive.baanx.Json.event;
import static dev.redrive.baanx.Json.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read is no evidence that an event may be sent. */
class BaanxUnreadableLogsTest {
  private static final String EVENT = record(1);
  private static final String OTHER = record(2);
  private static final String FIRST = attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed");
  private static final String SECOND = attempt(2, EVENT, WEBHOOK_A, 2, 2, "success");

  private final StubBaanx baanx = new StubBaanx();
  private final BaanxClient client = baanx.client();

  @AfterEach
  void close() {
    client.close();
    baanx.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"soon\"", "{}", "[]", "true", "0", "[1]"})
  void failures_whenTheTimeOfTheNextAttemptCannotBeRead_areMarkedAsRetrying(String next) {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(EVENT, attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed", next));

    assertThat(client.failures(DeliveryQuery.all())).isEmpty();
    assertThat(client.failures(DeliveryQuery.builder().includeProviderRetries().build()))
        .hasSize(1)
        .allMatch(FailedDelivery::providerIsRetrying);
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\""})
  void failures_whenThereIsNoNextAttempt_areListed(String none) {
    baanx
        .failed(1, event(EVENT, "failed"))
        .eventLog(EVENT, attempt(1, EVENT, WEBHOOK_A, 1, 1, "failed", none));

    assertThat(client.failures(DeliveryQuery.all())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"id\"", "\"webhookId\""})
  void failures_whenAnAttemptCannotBeAssigned_leaveOutItsEventAndCountIt(String field) {
    baanx
        .failed(2, event(EVENT, "failed"), event(OTHER, "failed"))
        .eventLog(EVENT, FIRST, without(field, SECOND))
        .eventLog(OTHER, attempt(3, OTHER, WEBHOOK_B, 1, 1, "failed"));

    var failures = client.failures(DeliveryQuery.all());

    assertThat(failures)
        .extracting(failure -> failure.key().id())
        .containsExactly(OTHER + "/" + WEBHOOK_B);
    assertThat(failures.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"id\"", "\"webhookId\""})
  void outcomes_whenAnAttemptCannotBeAssigned_areNotProvenByAbsence(String field) {
    baanx.failed(1, event(EVENT, "failed")).eventLog(EVENT, FIRST);
    FailedDelivery failed = client.failures(DeliveryQuery.all()).first().orElseThrow();
    assertThat(failed.latest().logId()).isEqualTo(attemptId(1));
    RetryResult lost = RetryResult.unknown(failed, "no response in time", baanx.time.now());
    baanx.time.advance(Duration.ofHours(1));
    baanx.eventLog(EVENT, FIRST, without(field, SECOND));

    RetryOutcome outcome = client.outcomes(List.of(lost)).get(0);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("cannot be read");
    baanx.eventLog(EVENT, FIRST);
    assertThat(client.outcomes(List.of(lost)).get(0).status())
        .isEqualTo(RetryOutcome.Status.NOT_SENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n/a", "unknown", "", "770e8400"})
  void failures_whenAnAttemptNamesNoRealWebhook_leaveOutItsEventAndCountIt(String webhookId) {
    baanx
        .failed(2, event(EVENT, "failed"), event(OTHER, "failed"))
        .eventLog(EVENT, FIRST, attempt(2, EVENT, webhookId, 2, 2, "success"))
        .eventLog(OTHER, attempt(3, OTHER, WEBHOOK_B, 1, 1, "failed"));

    var failures = client.failures(DeliveryQuery.all());

    assertThat(failures)
        .extracting(failure -> failure.key().id())
        .containsExactly(OTHER + "/" + WEBHOOK_B);
    assertThat(failures.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"n/a", "unknown", "", "770e8400"})
  void outcomes_whenAnAttemptNamesNoRealWebhook_areNotProvenByAbsence(String webhookId) {
    baanx.failed(1, event(EVENT, "failed")).eventLog(EVENT, FIRST);
    FailedDelivery failed = client.failures(DeliveryQuery.all()).first().orElseThrow();
    RetryResult lost = RetryResult.unknown(failed, "no response in time", baanx.time.now());
    baanx.time.advance(Duration.ofHours(1));
    baanx.eventLog(EVENT, FIRST, attempt(2, EVENT, webhookId, 2, 2, "success"));

    RetryOutcome outcome = client.outcomes(List.of(lost)).get(0);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.mayBeSentAgain()).isFalse();
    assertThat(outcome.reason()).contains("cannot be read");
  }

  private static String without(String field, String attempt) {
    return attempt.replace(field + ":", "\"addedLater\":");
  }
}
