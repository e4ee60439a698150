package dev.redrive.testkit.contract;

import static dev.redrive.testkit.contract.Deliveries.list;
import static dev.redrive.testkit.contract.Statuses.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deadlines, threads, closing, and a caller's own HTTP client. */
public interface LifecycleContract extends ContractPart {
  @Test
  default void failures_whenToldToWaitAgainAndAgain_endWithinTheDeadline() {
    fake().failures(3);
    fake().faults().on(Operation.LIST).always().inject(Fault.status(503).retryAfter("20"));
    WebhookRetryClient client =
        client(settings -> settings.deadline(Duration.ofMinutes(1)).maxAttempts(100));

    assertThatThrownBy(() -> list(client)).isInstanceOf(ProviderUnavailableException.class);
    assertThat(time().slept()).isLessThan(Duration.ofMinutes(1));
    assertThat(fake().requestCount(Operation.LIST)).isEqualTo(3);
  }

  @Test
  default void client_whenSharedByThreads_mixesNothingUp() throws Exception {
    int threads = 8;
    List<FailedDelivery> deliveries = failed(manyFailures() / threads * threads);
    WebhookRetryClient client = client();
    ExecutorService pool = closingPool(threads);
    List<Future<List<RetryOutcome>>> shares = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int size = deliveries.size() / threads;
      List<FailedDelivery> share = deliveries.subList(i * size, (i + 1) * size);
      shares.add(
          pool.submit(
              () -> {
                assertThat(list(client)).isNotNull();
                List<RetryResult> results = new ArrayList<>();
                share.forEach(delivery -> results.add(client.retry(delivery)));
                assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(share);
                assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
                return client.outcomes(results);
              }));
    }

    List<RetryOutcome> outcomes = new ArrayList<>();
    for (Future<List<RetryOutcome>> share : shares) {
      outcomes.addAll(share.get(60, TimeUnit.SECONDS));
    }

    assertThat(outcomes.stream().map(RetryOutcome::key))
        .isEqualTo(deliveries.stream().map(FailedDelivery::key).toList());
    assertTruthful(outcomes);
    deliveries.forEach(delivery -> assertSent(delivery, 1, 1));
  }

  @Test
  default void close_isIdempotentAndEndsTheThreads() throws Exception {
    List<FailedDelivery> deliveries = failed(manyFailures());
    WebhookRetryClient client = client(settings -> {});
    list(client);
    client.outcomes(client.retryAll(deliveries));

    client.close();
    client.close();
    client().close();

    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("redrive")) {
        thread.join(Interrupted.AT_ONCE.toMillis());
        assertThat(thread.isAlive()).as(thread + " is alive").isFalse();
      }
    }
  }

  @Test
  default void client_whenClosed_sendsNothingMore() {
    List<FailedDelivery> deliveries = failed(12);
    List<RetryResult> accepted = client().retryAll(deliveries.subList(0, 2));
    long before = fake().requestCount();
    WebhookRetryClient client = client();
    client.close();

    assertThat(client.retry(deliveries.get(3)).status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(statuses(client.retryAll(deliveries)))
        .hasSize(12)
        .containsOnly(RetryResult.Status.NOT_SENT);
    assertThatThrownBy(() -> list(client))
        .isInstanceOf(RedriveException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> client.outcomes(accepted))
        .isInstanceOf(RedriveException.class)
        .hasMessageContaining("closed");
    assertThat(fake().requestCount()).isEqualTo(before);
    assertThat(time().sleeps()).isEmpty();
  }

  @Test
  default void close_leavesTheCallersHttpClientOpen() throws IOException {
    OkHttpClient callers = new OkHttpClient();
    FailedDelivery delivery = oneFailed();

    try (WebhookRetryClient client = client(settings -> settings.okHttpClient(callers))) {
      assertThat(client.retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
    }

    assertThat(callers.dispatcher().executorService().isShutdown()).isFalse();
    Request request = new Request.Builder().url(fake().baseUrl()).build();
    try (Response response = callers.newCall(request).execute()) {
      assertThat(response.code()).isPositive();
    }
  }

  @OncePerApi
  @ParameterizedTest(name = "{0}")
  @EnumSource
  default void retry_whenTheCallersHttpClientWouldSendAgain_goesOutOnce(Trouble trouble) {
    FailedDelivery delivery = oneFailed();
    fake().faults().on(Operation.RETRY).always().inject(trouble.fault);
    OkHttpClient eager =
        new OkHttpClient.Builder()
            .retryOnConnectionFailure(true)
            .followRedirects(true)
            .authenticator((route, response) -> response.request())
            .addInterceptor(
                chain -> {
                  try (Response response = chain.proceed(chain.request())) {
                    if (response.isSuccessful()) {
                      return response;
                    }
                  } catch (IOException e) {
                    return chain.proceed(chain.request());
                  }
                  return chain.proceed(chain.request());
                })
            .build();
    WebhookRetryClient client =
        client(
            settings ->
                settings
                    .okHttpClient(eager)
                    .maxAttempts(1)
                    .requestTimeout(
                        trouble == Trouble.STALL
                            ? Duration.ofMillis(200)
                            : Duration.ofSeconds(10)));

    RetryResult result = client.retry(delivery);

    int resends = trouble.fault.isWorkDone() ? 1 : 0;
    assertSent(delivery, 1, resends);
    if (result.status() == RetryResult.Status.NOT_SENT) {
      assertThat(resends).isZero();
    }
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  private ExecutorService closingPool(int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    closing(pool::shutdownNow);
    return pool;
  }
}
