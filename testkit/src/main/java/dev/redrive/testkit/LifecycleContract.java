package dev.redrive.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.OperationInterruptedException;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts, deadlines, threads, closing, a caller's own HTTP client, secrets. */
abstract class LifecycleContract extends HandOverContract {
  /** Far less than any time-out that could end a call instead. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  @TestFactory
  Stream<DynamicTest> reads_whenInterruptedWhileTheyWait_endAtOnce() {
    return reads()
        .map(
            read ->
                DynamicTest.dynamicTest(
                    read.name,
                    () -> {
                      List<RetryResult> accepted = prepare();
                      fake().faults().onAny().always().inject(Fault.stall());

                      Interrupted<Object> ended = interrupted(() -> read.call.on(accepted));

                      assertThat(ended.failure).isInstanceOf(OperationInterruptedException.class);
                      assertThat(ended.flag).as("interrupt flag").isTrue();
                    }));
  }

  @TestFactory
  Stream<DynamicTest> reads_whenTheThreadIsInterruptedAlready_sendNothing() {
    return reads()
        .map(
            read ->
                DynamicTest.dynamicTest(
                    read.name,
                    () -> {
                      List<RetryResult> accepted = prepare();
                      long before = fake().requestCount();
                      Thread.currentThread().interrupt();

                      assertThatThrownBy(() -> read.call.on(accepted))
                          .isInstanceOf(OperationInterruptedException.class);

                      assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
                      assertThat(fake().requestCount()).isEqualTo(before);
                    }));
  }

  @Test
  void retry_whenInterruptedWhileItWaits_isUnknownAndKeepsTheFlag() throws Exception {
    FailedDelivery delivery = oneFailed();
    fake().faults().onAny().always().inject(Fault.stall());

    Interrupted<RetryResult> ended = interrupted(() -> client().retry(delivery));

    assertThat(ended.value().status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(ended.value().error()).isInstanceOf(OperationInterruptedException.class);
    assertThat(ended.flag).as("interrupt flag").isTrue();
    assertSent(delivery, 1, 0);
  }

  @Test
  void retries_whenTheThreadIsInterruptedAlready_sendNothing() {
    List<FailedDelivery> deliveries = failed(12);
    client();
    Thread.currentThread().interrupt();

    RetryResult one = client().retry(deliveries.get(0));
    boolean flagAfterOne = Thread.currentThread().isInterrupted();
    List<RetryResult> all = client().retryAll(deliveries);
    boolean flagAfterAll = Thread.interrupted();

    assertThat(one.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(statuses(all)).hasSize(12).containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(flagAfterOne && flagAfterAll).as("interrupt flag").isTrue();
    assertThat(fake().requestCount(Operation.RETRY)).isZero();
  }

  @Test
  void retryAll_whenInterruptedWhileItWaits_keepsWhatIsKnown() throws Exception {
    List<FailedDelivery> deliveries = failed(manyFailures());
    int answered = traits().batchSize() < deliveries.size() ? 1 : 0;
    for (int n = answered + 1; n < 5; n++) {
      fake().faults().on(Operation.RETRY).nth(n).inject(Fault.stall());
    }
    WebhookRetryClient client = client(settings -> settings.concurrency(2));

    Interrupted<List<RetryResult>> ended =
        interrupted(answered + 1, () -> client.retryAll(deliveries));

    List<RetryResult> results = ended.value();
    assertThat(results.stream().map(RetryResult::delivery)).isEqualTo(deliveries);
    assertThat(ended.flag).as("interrupt flag").isTrue();
    for (RetryResult result : results) {
      String id = result.key().id();
      switch (result.status()) {
        case ACCEPTED -> assertThat(fake().endpoint().resends(id)).isEqualTo(1);
        case NOT_SENT -> assertThat(fake().retryRequests(id)).isZero();
        case UNKNOWN -> assertThat(fake().retryRequests(id)).isLessThanOrEqualTo(1);
        case REJECTED -> throw new AssertionError(result);
      }
    }
    assertThat(statuses(results)).contains(RetryResult.Status.UNKNOWN);
  }

  @Test
  void failures_whenToldToWaitAgainAndAgain_endWithinTheDeadline() {
    fake().failures(3);
    fake().faults().on(Operation.LIST).always().inject(Fault.status(503).retryAfter("20"));
    WebhookRetryClient client =
        client(settings -> settings.deadline(Duration.ofMinutes(1)).maxAttempts(100));

    assertThatThrownBy(() -> list(client)).isInstanceOf(ProviderUnavailableException.class);
    assertThat(time.slept()).isLessThan(Duration.ofMinutes(1));
    assertThat(fake().requestCount(Operation.LIST)).isEqualTo(3);
  }

  @Test
  void client_whenSharedByThreads_mixesNothingUp() throws Exception {
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
  void close_isIdempotentAndEndsTheThreads() throws Exception {
    List<FailedDelivery> deliveries = failed(manyFailures());
    WebhookRetryClient client = client(settings -> {});
    list(client);
    client.outcomes(client.retryAll(deliveries));

    client.close();
    client.close();
    client().close();

    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("redrive")) {
        thread.join(AT_ONCE.toMillis());
        assertThat(thread.isAlive()).as(thread + " is alive").isFalse();
      }
    }
  }

  @Test
  void client_whenClosed_sendsNothingMore() {
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
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void close_leavesTheCallersHttpClientOpen() throws IOException {
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
  void retry_whenTheCallersHttpClientWouldSendAgain_goesOutOnce(Trouble trouble) {
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

    int resends = trouble.fault.worked ? 1 : 0;
    assertSent(delivery, 1, resends);
    if (result.status() == RetryResult.Status.NOT_SENT) {
      assertThat(resends).isZero();
    }
    assertThat(fake().requestCount(Operation.OTHER)).as("redirects followed").isZero();
  }

  @Test
  void nothing_thatIsShownHoldsASecret() {
    fake(settings -> settings.apiKey("sk-planted-0123456789abcdef-KEY"));
    String key = apiKey(fake());
    var secrets = new PlantedSecrets(key);
    var shown = new ShownText();
    try (shown) {
      List<FailedDelivery> deliveries = failed(manyFailures());
      deliveries.forEach(delivery -> secrets.addFrom(delivery.latest()));
      show(shown, deliveries);
      var next = deliveries.iterator();
      for (Trouble trouble : Trouble.values()) {
        if (trouble != Trouble.STALL) {
          showTrouble(shown, trouble.fault, next.next());
        }
      }
      for (String body :
          List.of(
              "{\"message\":\"no such key: KEY\",\"error\":\"bad KEY\",\"errorMessage\":\"KEY\"}",
              "{\"error\":{\"message\":\"no such key: KEY\",\"stack\":\"at KEY\"}}",
              "{\"errors\":{\"KEY\":[\"KEY\"]},\"errorCode\":\"KEY\"}",
              "KEY")) {
        Fault echo = Fault.answer(401, "application/json", body.replace("KEY", key));
        showTrouble(shown, echo, deliveries.get(0));
        showTrouble(
            shown,
            Fault.answer(400, "application/json", body.replace("KEY", key)),
            deliveries.get(0));
      }
    }

    assertThat(shown.text()).contains(traits().displayName());
    assertThat(shown.text()).as("what is logged at debug").contains("next try in");
    assertThat(secrets.shownIn(shown.text())).as("secrets that are shown").isEmpty();
  }

  private void show(ShownText shown, List<FailedDelivery> deliveries) {
    shown.add(client(), traits(), DeliveryQuery.all(), client().failures(DeliveryQuery.all()));
    shown.add(deliveries.toArray());
    List<RetryResult> results = client().retryAll(deliveries.subList(0, 10));
    shown.add(results.toArray());
    shown.add(client().outcomes(results).toArray());
    if (can(Capability.WEBHOOKS)) {
      shown.add(client().webhooks().toArray());
    }
    if (can(Capability.LOGS)) {
      List<WebhookLog> logs = client().logs(DeliveryQuery.all()).toList();
      shown.add(logs.toArray());
    }
  }

  private void showTrouble(ShownText shown, Fault fault, FailedDelivery delivery) {
    RetryResult accepted = RetryResult.accepted(delivery, null, time.now());
    fake().faults().onAny().always().inject(fault);
    RetryResult result = client().retry(delivery);
    shown.add(result, String.valueOf(result.reason()));
    if (result.error() != null) {
      shown.add(result.error());
    }
    for (Runnable read :
        List.<Runnable>of(
            () -> list(client()),
            () -> client().webhooks(),
            () -> client().outcomes(List.of(accepted)))) {
      try {
        read.run();
      } catch (RedriveException e) {
        shown.add(e, e.call(), e.advice(), e.summary());
      }
    }
    fake().faults().clear();
  }

  /** Everything that a person may get to see, the process's own output with it. */
  private static final class ShownText implements AutoCloseable {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    ShownText() {
      var captured = new PrintStream(output, true, UTF_8);
      System.setOut(captured);
      System.setErr(captured);
    }

    void add(Object... things) {
      for (Object thing : things) {
        var text = new StringWriter();
        if (thing instanceof Throwable throwable) {
          throwable.printStackTrace(new PrintWriter(text, true));
        } else {
          text.write(thing.toString());
        }
        output.writeBytes((text + "\n").getBytes(UTF_8));
      }
    }

    String text() {
      return output.toString(UTF_8);
    }

    @Override
    public void close() {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** A read, given retries that were accepted. */
  private interface Reading {
    Object on(List<RetryResult> accepted);
  }

  private record NamedRead(String name, Reading call) {}

  private Stream<NamedRead> reads() {
    List<NamedRead> reads = new ArrayList<>();
    reads.add(new NamedRead("failures", accepted -> list(client())));
    reads.add(new NamedRead("outcomes", accepted -> client().outcomes(accepted)));
    reads.add(
        new NamedRead(
            "awaited outcomes", accepted -> client().awaitOutcomes(accepted, Duration.ofHours(1))));
    if (can(Capability.LOGS)) {
      reads.add(
          new NamedRead(
              "logs", accepted -> client().logs(DeliveryQuery.all()).first().orElseThrow()));
    }
    if (can(Capability.WEBHOOKS)) {
      reads.add(new NamedRead("webhooks", accepted -> client().webhooks()));
    }
    return reads.stream();
  }

  private List<RetryResult> prepare() {
    fake(settings -> {});
    return client().retryAll(failed(3));
  }

  /** What came of a call that was interrupted. */
  private static final class Interrupted<R> {
    private final FutureTask<R> task;
    private Throwable failure = new AssertionError("nothing was thrown");
    private boolean flag;

    Interrupted(FutureTask<R> task) {
      this.task = task;
    }

    R value() throws ExecutionException, InterruptedException {
      return task.get();
    }
  }

  private <R> Interrupted<R> interrupted(Callable<R> call) throws Exception {
    return interrupted(1, call);
  }

  /** Interrupts a call when so many of its requests have come in. */
  private <R> Interrupted<R> interrupted(int requests, Callable<R> call) throws Exception {
    long awaited = fake().requestCount() + requests;
    var task = new FutureTask<>(call);
    var flag = new AtomicBoolean();
    var caller =
        new Thread(
            () -> {
              task.run();
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    long deadline = System.nanoTime() + AT_ONCE.toNanos();
    while (fake().requestCount() < awaited && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    caller.interrupt();
    caller.join(AT_ONCE.toMillis());
    var ended = new Interrupted<>(task);
    try {
      task.get(0, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      ended.failure = Objects.requireNonNullElse(e.getCause(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("the interrupt did not end it", e);
    }
    ended.flag = flag.get();
    return ended;
  }

  private ExecutorService closingPool(int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    closing(pool::shutdownNow);
    return pool;
  }
}
