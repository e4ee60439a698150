package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidRequestException;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoisoV1ListingTest {
  private static final String FAILURES = "GET /api/webhooks/v1/failures";
  private static final String OLDEST = "2026-02-12T18:00:00Z";

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v1();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void aRowOfIdAndEventAloneIsAFailureOfUnknownCause() {
    stub.withFailures(1).v1TellsTimes = false;

    FailedDelivery delivery = only(failures(DeliveryQuery.all()));

    assertThat(delivery.key()).isEqualTo(new DeliveryKey("voiso", "acc", "0001"));
    assertThat(delivery.cause()).isEqualTo(FailureCause.UNKNOWN);
    assertThat(delivery.latest().eventType()).isEqualTo("call.ended");
    assertThat(delivery.latest().status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(delivery.latest().createdAt()).isNull();
    assertThat(stub.requests())
        .containsExactly(
            FAILURES + "?start_date=" + OLDEST + "&page=1&per_page=50",
            FAILURES + "?start_date=" + OLDEST + "&page=2&per_page=50",
            FAILURES + "?start_date=" + OLDEST + "&page=1&per_page=50");
    assertThat(stub.lastRequest().getHeaders().get("Authorization")).isEqualTo("Bearer k3y");
  }

  @Test
  void theStartIsNeverFurtherBackThanThe31DaysThatMayBeAskedFor() {
    Instant recent = StubVoiso.CREATED.minusSeconds(60);

    failures(DeliveryQuery.since(Instant.parse("2025-01-01T00:00:00Z")));
    failures(DeliveryQuery.builder().since(recent).until(StubVoiso.CREATED).build());
    failures(DeliveryQuery.builder().until(Instant.parse("2026-01-01T00:00:00Z")).build());

    assertThat(stub.requests())
        .containsExactly(
            FAILURES + "?start_date=" + OLDEST + "&page=1&per_page=50",
            FAILURES
                + "?start_date=2026-03-15T09:59:00Z&end_date=2026-03-15T10:00:00Z"
                + "&page=1&per_page=50");
  }

  @Test
  void aListOfManyPagesIsReadForwardsAndBackwards() {
    stub.withFailures(120);

    assertThat(failures(DeliveryQuery.all())).hasSize(120);
    assertThat(stub.requests())
        .extracting(request -> request.replaceAll(".*&page=(\\d+)&.*", "$1"))
        .containsExactly("1", "2", "3", "4", "3", "2", "1");
  }

  @Test
  void listingAndRetryingAsOneGoesNeitherSkipsNorDoubles() {
    try (var fake = FakeVoiso.start();
        var client =
            VoisoClient.builder()
                .apiVersion(VoisoClient.ApiVersion.V1)
                .baseUrl(fake.baseUrl())
                .apiKey(fake.contactCentreKey())
                .build()) {
      List<String> ids = fake.failures(500);
      var retried = new ArrayList<String>();

      for (FailedDelivery delivery : client.failures(DeliveryQuery.all())) {
        assertThat(client.retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
        retried.add(delivery.key().id());
      }

      assertThat(retried).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(500);
      assertThat(fake.requestCount(Operation.LIST)).isLessThanOrEqualTo(20);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void aLimitEndsTheReading() {
    stub.withFailures(120);

    assertThat(failures(DeliveryQuery.builder().limit(50).build())).hasSize(50);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void whatV1DoesNotTellIsRefusedByName() {
    assertThatThrownBy(client::webhooks).isInstanceOf(UnsupportedCapabilityException.class);
    assertThatThrownBy(() -> client.logs(DeliveryQuery.all()))
        .isInstanceOf(UnsupportedCapabilityException.class);
    assertThatThrownBy(() -> client.failures(DeliveryQuery.builder().webhookId("w").build()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("listing by webhook");
    assertThatThrownBy(
            () -> client.failures(DeliveryQuery.builder().causes(FailureCause.GONE).build()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("cause");
    assertThat(stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 404, 422})
  void anInvalidKeyIsToldByItsTextWhateverTheStatus(int status) {
    stub.next(status, "{\"error\": \"Invalid API key\"}");
    assertThatThrownBy(() -> failures(DeliveryQuery.all()))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("Invalid API key");

    stub.next(status, "{\"error\": \"Invalid API key\"}");
    RetryResult result = client.retry(failed("0001"));
    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(result.error()).isInstanceOf(AuthenticationException.class);
    assertThat(stub.requests()).hasSize(2);
  }

  @Test
  void anotherErrorInA200FailsTheListing() {
    stub.next(200, "{\"error\": \"start_date is too old\"}");

    assertThatThrownBy(() -> failures(DeliveryQuery.all()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("start_date is too old");
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }
}
