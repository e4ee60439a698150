package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.InvalidRequestException;
import dev.redrive.NetworkException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okhttp3.Cache;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientLifecycleTest extends HttpTest {
  @Test
  void close_whenCalledTwice_isQuiet() {
    TestClient client = client();
    client.close();
    client.close();
  }

  @Test
  void reads_whenTheClientIsClosed_sayThatItIs() {
    enqueue(item());
    TestClient client = client();
    client.close();

    assertThatThrownBy(() -> client.read("1"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Test Provider: read item failed: the client is closed");
    assertThatThrownBy(() -> client.http.readEach(List.of("1", "2", "3"), client::read))
        .isInstanceOf(RedriveException.class)
        .hasMessageContaining("the client is closed");
    assertThat(requests()).isZero();
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void pages_whenTheClientIsClosedInBetween_sayThatItIs() {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      rows.append(i == 0 ? "" : ",").append("{\"id\":\"").append(i).append("\"}");
    }
    enqueue(json("{\"data\":[" + rows + "],\"total\":1000}"));
    TestClient client = client();
    var iterator =
        client
            .http
            .pages(
                10,
                (Recorded<TestClient.Item> row) -> row.value().id(),
                (offset, limit) -> {
                  var page = client.api.listItems(offset, limit).get();
                  return new PageReader.Page<>(page.data(), page.total());
                })
            .iterator();
    iterator.next();

    client.close();

    assertThatThrownBy(
            () -> {
              while (iterator.hasNext()) {
                iterator.next();
              }
            })
        .hasMessageContaining("the client is closed");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void close_whileRetriesAreUnderWay_endsThemAndLosesNoResult() throws Exception {
    var arrived = new CountDownLatch(4);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            arrived.countDown();
            return status(200).onResponseStart(STALL).build();
          }
        });
    TestClient client = client(settings -> settings.concurrency(4));
    List<String> ids = IntStream.range(0, 40).mapToObj(Integer::toString).toList();
    var pool = Executors.newSingleThreadExecutor();
    closing(pool::shutdownNow);
    Future<List<RetryResult>> retried = pool.submit(() -> client.retryAll(ids));
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

    client.close();

    List<RetryResult.Status> statuses =
        retried.get(10, TimeUnit.SECONDS).stream().map(RetryResult::status).toList();
    assertThat(statuses.stream().filter(RetryResult.Status.UNKNOWN::equals)).hasSize(4);
    assertThat(statuses.stream().filter(RetryResult.Status.NOT_SENT::equals)).hasSize(36);
    assertThat(requests()).isEqualTo(4);
  }

  @Test
  void close_whileAnotherThreadReads_saysSoAndInterruptsNobody() throws Exception {
    var arrived = new CountDownLatch(4);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            arrived.countDown();
            return status(200).onResponseStart(STALL).build();
          }
        });
    TestClient client = client(settings -> settings.concurrency(4));
    List<String> ids = IntStream.range(0, 40).mapToObj(Integer::toString).toList();
    var pool = Executors.newSingleThreadExecutor();
    closing(pool::shutdownNow);
    Future<Boolean> interrupted =
        pool.submit(
            () -> {
              assertThatThrownBy(() -> client.http.readEach(ids, client::read))
                  .isInstanceOf(NetworkException.class)
                  .hasMessageContaining("the client was closed");
              return Thread.currentThread().isInterrupted();
            });
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

    client.close();

    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(requests()).isEqualTo(4);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void callersTimeouts_giveWayToTheRequestTimeout() {
    enqueue(item().newBuilder().headersDelay(300, TimeUnit.MILLISECONDS).build());
    var callers =
        new OkHttpClient.Builder()
            .readTimeout(50, TimeUnit.MILLISECONDS)
            .writeTimeout(50, TimeUnit.MILLISECONDS)
            .callTimeout(50, TimeUnit.MILLISECONDS)
            .build();

    assertThat(client(s -> s.okHttpClient(callers)).read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void threads_areDaemonsNamedForTheProviderAndGoneAfterClose() throws Exception {
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    server.setDispatcher(answering(done()));
    TestClient client = client();
    client.retryAll(IntStream.range(0, 40).mapToObj(Integer::toString).toList());

    List<Thread> ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .filter(thread -> !thread.getName().startsWith("MockWebServer"))
            .toList();
    assertThat(ours).isNotEmpty().allMatch(Thread::isDaemon);
    assertThat(ours).anyMatch(thread -> thread.getName().startsWith("redrive-test-"));
    assertThat(ours).anyMatch(thread -> thread.getName().startsWith("redrive-http-test-"));

    client.close();

    for (Thread thread : ours) {
      if (thread.getName().startsWith("redrive")) {
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
      }
    }
  }

  @Test
  void close_leavesTheCallersClientAndItsConnectionsOpen() throws Exception {
    var callers = new OkHttpClient();
    closing(() -> callers.dispatcher().executorService().shutdown());
    enqueue(item(), item());
    TestClient client = client(settings -> settings.okHttpClient(callers));
    client.read("1");

    client.close();

    assertThat(callers.dispatcher().executorService().isShutdown()).isFalse();
    assertThat(callers.connectionPool().connectionCount()).isEqualTo(1);
    try (Response response =
        callers
            .newCall(
                new Request.Builder().url("http://127.0.0.1:" + server.getPort() + "/x").build())
            .execute()) {
      assertThat(response.code()).isEqualTo(200);
    }
    enqueue(item());
    client(settings -> settings.okHttpClient(callers)).read("1");
    assertThat(server.takeRequest().getConnectionIndex()).isZero();
    // The caller's own requests may be HTTP/2, and so have connections of their own.
    assertThat(server.takeRequest().getConnectionIndex()).isEqualTo(1);
    assertThat(server.takeRequest().getConnectionIndex()).isZero();
  }

  @Test
  void connections_whenAnswersAreSpoiled_areGivenBack() {
    var callers = new OkHttpClient();
    TestClient client = client(s -> s.okHttpClient(callers).maxAttempts(1).maxResponseBytes(2_000));
    List<MockResponse> answers =
        List.of(
            item(),
            json("{"),
            json(""),
            json("x".repeat(50_000)),
            status(500).body("x".repeat(50_000)).build(),
            status(404).body("{\"message\":1").build(),
            status(429).addHeader("Retry-After", "900").body("x").build(),
            status(302).addHeader("Location", "/").body("x").build(),
            status(204).build());
    for (MockResponse answer : answers) {
      enqueue(answer, answer);
      try {
        client.read("1");
      } catch (RedriveException e) {
        assertThat(e).isNotNull();
      }
      client.send("1");
      assertThat(callers.connectionPool().idleConnectionCount())
          .as("idle connections")
          .isEqualTo(callers.connectionPool().connectionCount());
    }
  }

  @Test
  void callersClient_keepsItsOwnRules(@TempDir File folder) {
    var callers =
        new OkHttpClient.Builder()
            .followRedirects(true)
            .retryOnConnectionFailure(true)
            .cache(new Cache(folder, 1_000_000))
            .build();
    closing(() -> callers.dispatcher().executorService().shutdown());
    closing(client(settings -> settings.okHttpClient(callers)));

    assertThat(callers.followRedirects()).isTrue();
    assertThat(callers.retryOnConnectionFailure()).isTrue();
    assertThat(callers.cache()).isNotNull();
    assertThat(callers.interceptors()).isEmpty();
    assertThat(callers.networkInterceptors()).isEmpty();
  }

  @Test
  void callersCache_isNotUsed(@TempDir File folder) {
    var cached =
        status(200).addHeader("Cache-Control", "max-age=3600").body("{\"id\":\"cached\"}").build();
    enqueue(cached, item());
    var callers = new OkHttpClient.Builder().cache(new Cache(folder, 1_000_000)).build();
    TestClient client = client(settings -> settings.okHttpClient(callers));
    client.read("1");

    assertThat(client.read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void client_whenSharedByThreads_mixesNoAnswersUp() throws Exception {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String id = request.getUrl().pathSegments().get(2);
            return json("{\"id\":\"" + id + "\"}");
          }
        });
    TestClient client = client();
    var pool = Executors.newFixedThreadPool(8);
    closing(pool::shutdownNow);
    List<Future<Boolean>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int reader = i;
      readers.add(
          pool.submit(
              () -> {
                for (int n = 0; n < 25; n++) {
                  String id = reader + "-" + n;
                  if (!client.read(id).id().equals(id)) {
                    return false;
                  }
                }
                return true;
              }));
    }
    for (Future<Boolean> reader : readers) {
      assertThat(reader.get(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(requests()).isEqualTo(200);
  }

  @Test
  void jvm_whenTheClientWasNotClosed_exitsByItself() throws Exception {
    server.setDispatcher(answering(done()));
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                ForgetfulMain.class.getName(),
                Integer.toString(server.getPort()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("exited").isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(requests()).isEqualTo(20);
  }

  /** Sends some requests, and leaves without closing anything. */
  static final class ForgetfulMain {
    private ForgetfulMain() {}

    public static void main(String[] args) {
      TestClient client =
          new TestClient.Builder()
              .baseUrl("http://127.0.0.1:" + args[0])
              .apiKey(TestClient.KEY)
              .build();
      client.retryAll(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }
  }

  private static Dispatcher answering(MockResponse response) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return response;
      }
    };
  }
}
