package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.OperationInterruptedException;
import dev.redrive.RetryResult;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

class InterruptTest extends HttpTest {
  private final CountDownLatch arrived = new CountDownLatch(1);

  @Test
  void read_whenInterruptedWhileItWaits_endsAtOnce() throws Exception {
    stallAll();
    TestClient client = client();

    Ended<Object> ended =
        interrupted(
            () -> {
              try {
                return client.read("1");
              } catch (OperationInterruptedException e) {
                return e;
              }
            });

    assertThat(ended.value).isInstanceOf(OperationInterruptedException.class);
    assertThat(ended.flag).isTrue();
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void send_whenInterruptedWhileItWaits_isUnknown() throws Exception {
    stallAll();
    TestClient client = client();

    Ended<Sent<TestClient.Done>> ended = interrupted(() -> client.send("1"));

    assertThat(ended.value)
        .isInstanceOfSatisfying(
            Sent.Unknown.class,
            unknown ->
                assertThat(((Sent.Unknown<?>) unknown).error())
                    .isInstanceOf(OperationInterruptedException.class));
    assertThat(ended.flag).isTrue();
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void send_whenInterruptedBeforeItLeaves_isNotSent() throws Exception {
    var ended = new CountDownLatch(1);
    closing(ended::countDown);
    enqueue(done());
    var callers =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  arrived.countDown();
                  try {
                    ended.await();
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  return chain.proceed(chain.request());
                })
            .build();
    TestClient client = client(settings -> settings.okHttpClient(callers));

    Ended<Sent<TestClient.Done>> interrupted = interrupted(() -> client.send("1"));
    ended.countDown();

    assertThat(interrupted.value).isInstanceOf(Sent.NotSent.class);
    assertThat(interrupted.flag).isTrue();
    assertThat(server.takeRequest(200, TimeUnit.MILLISECONDS)).isNull();
  }

  @Test
  void calls_whenTheThreadIsInterruptedAlready_sendNothing() {
    enqueue(done());
    TestClient client = client();
    Thread.currentThread().interrupt();

    Sent<TestClient.Done> sent = client.send("1");

    assertThat(sent).isInstanceOf(Sent.NotSent.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(requests()).isZero();
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void read_whenInterruptedInABackoff_endsAtOnceAndTellsWhatWentBefore() {
    enqueue(status(500).build(), item());
    time.onSleep(() -> Thread.currentThread().interrupt());
    TestClient client = client();

    OperationInterruptedException thrown = null;
    try {
      client.read("1");
    } catch (OperationInterruptedException e) {
      thrown = e;
    }

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isNotNull();
    assertThat(thrown.getSuppressed()).singleElement().asString().contains("HTTP 500");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void send_whenInterruptedInABackoff_isNotSent() {
    enqueue(status(429).build(), done());
    time.onSleep(() -> Thread.currentThread().interrupt());

    Sent<TestClient.Done> sent = client().send("1");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(sent).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void retryAll_whenInterrupted_keepsWhatIsKnownAndSendsNoMore() throws Exception {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (request.getTarget().endsWith("/items/0/retry")) {
              return done();
            }
            if (server.getRequestCount() >= 4) {
              arrived.countDown();
            }
            return status(200).onResponseStart(STALL).build();
          }
        });
    TestClient client = client(settings -> settings.concurrency(3));
    List<String> ids = IntStream.range(0, 50).mapToObj(Integer::toString).toList();

    Ended<List<RetryResult>> ended = interrupted(() -> client.retryAll(ids));

    List<RetryResult.Status> statuses = ended.value.stream().map(RetryResult::status).toList();
    assertThat(ended.value.stream().map(result -> result.key().id())).isEqualTo(ids);
    assertThat(statuses.get(0)).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(statuses.stream().filter(RetryResult.Status.UNKNOWN::equals)).hasSize(3);
    assertThat(statuses.stream().filter(RetryResult.Status.NOT_SENT::equals)).hasSize(46);
    assertThat(ended.flag).isTrue();
    assertThat(requests()).isEqualTo(4);
  }

  private void stallAll() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            arrived.countDown();
            return status(200).onResponseStart(STALL).build();
          }
        });
  }

  private record Ended<R>(R value, boolean flag) {}

  /** Interrupts a call once the test has counted {@code arrived} down. */
  private <R> Ended<R> interrupted(Callable<R> call) throws Exception {
    var task = new FutureTask<>(call);
    var flag = new AtomicBoolean();
    var caller =
        new Thread(
            () -> {
              task.run();
              flag.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    caller.join(10_000);
    assertThat(caller.isAlive()).isFalse();
    return new Ended<>(task.get(), flag.get());
  }
}
