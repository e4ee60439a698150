package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoisoV1RetriesTest {
  private static final String RETRIGGER = "POST /api/webhooks/v1/failures/";

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v1();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 422})
  void aFailureThatIsNotInactiveIsRejectedWhateverTheStatus(int status) {
    stub.next(status, "{\"error\": \"No failed webhook found with ID 0001\"}");

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("No failed webhook found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"status\": \"queued?\"}", "{\"error\": \"oops\"}", "OK"})
  void anyOtherAnswerToARetriggerIsUnknown(String body) {
    stub.next(200, body);

    assertThat(client.retry(failed("0001")).status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void aRetriggerIsOnePostOfJsonWithoutBody() {
    stub.withFailures(1);

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(stub.requests()).containsExactly(RETRIGGER + "0001/retrigger");
    assertThat(stub.lastRequest().getHeaders().get("Content-Type")).startsWith("application/json");
    assertThat(stub.lastRequest().getBodySize()).isZero();
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }
}
