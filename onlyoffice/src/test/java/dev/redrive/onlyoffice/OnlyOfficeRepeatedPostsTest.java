package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.http.ClientBuilder;
import dev.redrive.testkit.FakeOnlyOffice;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.contract.ContractFixture;
import dev.redrive.testkit.contract.LostRetryContract;
import dev.redrive.testkit.contract.OutcomeContract;
import dev.redrive.testkit.contract.RetryContract;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The server repeats POSTs that failed: a retry that fails shows nothing for 31 s. */
class OnlyOfficeRepeatedPostsTest extends ContractFixture
    implements RetryContract, OutcomeContract, LostRetryContract {
  @Override
  protected FakeProvider startFake(Consumer<FakeProvider.Builder<?>> settings) {
    var builder = FakeOnlyOffice.builder().repeatsPosts(true);
    settings.accept(builder);
    return builder.start();
  }

  @Override
  protected WebhookRetryClient connect(Consumer<ClientBuilder<?>> settings) {
    var builder = OnlyOfficeClient.builder().batchSize(75);
    settings.accept(builder);
    return builder.build();
  }

  @Test
  void aRetryIsPendingUntilItsSixthPostHasFailed() {
    fake().endpoint().down(500);
    RetryResult result = client().retry(oneFailed());

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    time().advance(Duration.ofSeconds(30));
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(listed()).isEmpty();
    time().advance(Duration.ofSeconds(1));
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void aRetryIsDeliveredByALaterPost() {
    fake().endpoint().down();
    List<RetryResult> results = client().retryAll(failed(5));
    time().advance(Duration.ofSeconds(10));
    fake().endpoint().up();

    List<RetryOutcome> outcomes = client().awaitOutcomes(results, Duration.ofMinutes(5));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsOnly(RetryOutcome.Status.DELIVERED);
    assertThat(fake().endpoint().deliveredMoreThanOnce()).isEmpty();
  }
}
