package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documentation leaves open: the client works either way. */
class VoisoVariantsTest {
  @Test
  void failuresWhenPendingRecordsAreListedLeaveThemOut() {
    try (FakeVoiso voiso = FakeVoiso.builder().listsPending(true).start();
        VoisoClient client = v4(voiso)) {
      voiso.asyncDelay(Duration.ofHours(1));
      voiso.failures(3);
      FailedDelivery first = failures(client).get(0);

      RetryResult result = client.retry(first);

      assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
      assertThat(failures(client)).hasSize(2).doesNotContain(first);
      assertThat(client.outcomes(List.of(result)))
          .extracting(RetryOutcome::status)
          .containsExactly(RetryOutcome.Status.PENDING);
    }
  }

  @Test
  void outcomesWhenDeliveredRecordsStayAreDelivered() {
    try (FakeVoiso voiso = FakeVoiso.builder().showsDelivered(true).start();
        VoisoClient client = v4(voiso)) {
      voiso.failures(3);

      assertThat(client.outcomes(client.retryAll(failures(client))))
          .hasSize(3)
          .extracting(RetryOutcome::status)
          .containsOnly(RetryOutcome.Status.DELIVERED);
    }
  }

  @Test
  void retryWhenTheKeyMayOnlyReadIsNotSentAndBlamesTheKey() {
    try (FakeVoiso voiso = FakeVoiso.builder().readOnlyKey(true).start();
        VoisoClient client = v4(voiso)) {
      voiso.failures(1);

      RetryResult result = client.retry(failures(client).get(0));

      assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
      assertThat(result.error()).isInstanceOf(AuthenticationException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 409, 422})
  void retryOfV1WhenTheRecordIsNotInactiveIsRejectedWhateverTheStatus(int httpStatus) {
    try (FakeVoiso voiso = FakeVoiso.builder().v1RefusalStatus(httpStatus).start();
        VoisoClient client =
            VoisoClient.builder()
                .apiVersion(VoisoClient.ApiVersion.V1)
                .baseUrl(voiso.baseUrl())
                .apiKey(voiso.contactCentreKey())
                .build()) {
      voiso.failures(1);
      FailedDelivery delivery = failures(client).get(0);
      client.retry(delivery);

      assertThat(client.retry(delivery).status()).isEqualTo(RetryResult.Status.REJECTED);
      assertThat(voiso.requestCount(Operation.RETRY)).isEqualTo(2);
      assertThat(voiso.endpoint().resends()).isEqualTo(1);
    }
  }

  private static VoisoClient v4(FakeVoiso voiso) {
    return VoisoClient.builder().baseUrl(voiso.baseUrl()).apiKey(voiso.apiKey()).build();
  }

  private static List<FailedDelivery> failures(VoisoClient client) {
    return client.failures(DeliveryQuery.all()).toList();
  }
}
