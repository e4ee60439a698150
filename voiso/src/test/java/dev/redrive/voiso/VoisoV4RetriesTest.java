package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoisoV4RetriesTest {
  private static final String RETRIGGER = "POST /api/v4/tasks/webhook_failures/";

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v4();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void aRetriggerIsOnePostWithAnEncodedIdAndNoBody() {
    RetryResult result = client.retry(failed("a/b c"));

    assertThat(stub.requests()).containsExactly(RETRIGGER + "a%2Fb%20c/retrigger");
    assertThat(stub.lastRequest().getBodySize()).isZero();
    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("HTTP 404").contains("Not found");
  }

  @Test
  void aFailureThatIsUnderWayIsRejected() {
    stub.withFailures(1);
    stub.row("0001").status = "pending";

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason())
        .contains("409")
        .contains("status is not inactive")
        .contains("cannot be retriggered in its current state");
    assertThat(result.error()).isInstanceOf(InvalidRequestException.class);
    assertThat(stub.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"200,{}", "200,[]", "200,<html>", "500,{}", "408,{}"})
  void anAnswerThatTellsNothingIsUnknownAndIsNotSentAgain(int status, String body) {
    stub.next(status, body);

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void aRefusedKeyStopsTheRest() {
    stub.withFailures(50);
    for (int i = 0; i < 8; i++) {
      stub.next(401, "{\"error\": \"Unauthorized\"}");
    }

    List<RetryResult> results = client.retryAll(failures50());

    assertThat(results)
        .hasSize(50)
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryResult.Status.NOT_SENT));
    assertThat(results.get(0).error()).isInstanceOf(AuthenticationException.class);
    assertThat(stub.count(RETRIGGER)).isLessThanOrEqualTo(8);
  }

  @Test
  void deliveriesOfOthersAndImpossibleIdsAreRejectedAndDoublesSentOnce() {
    stub.withFailures(2);
    FailedDelivery good = failed("0001");
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("voiso", "other", "0002"), DeliveryStatus.FAILED)
                .build());

    List<RetryResult> results =
        client.retryAll(List.of(foreign, good, failed(".."), good, failed(" ")));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            RetryResult.Status.REJECTED,
            RetryResult.Status.ACCEPTED,
            RetryResult.Status.REJECTED,
            RetryResult.Status.ACCEPTED,
            RetryResult.Status.REJECTED);
    assertThat(results.get(0).reason()).contains("voiso at other");
    assertThat(stub.requests()).containsExactly(RETRIGGER + "0001/retrigger");
  }

  private List<FailedDelivery> failures50() {
    return stub.rows.stream().map(row -> failed(row.id)).toList();
  }

  /** As the ledger may rebuild it: no times. */
  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }
}
