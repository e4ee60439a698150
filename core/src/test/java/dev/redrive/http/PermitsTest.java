package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.NetworkException;
import dev.redrive.RedriveException;
import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

class PermitsTest extends HttpTest {
  private static final TimeSource CLOCK = TimeSource.system();

  @Test
  void read_whenItWaitsBehindOthersForLongerThanTheDeadline_isAnswered() throws Exception {
    server.setDispatcher(answering(200));
    TestClient client = client(s -> s.concurrency(1).deadline(Duration.ofMillis(700)));
    ExecutorService pool = pool(8);
    List<Future<TestClient.Item>> reads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      reads.add(pool.submit(() -> client.read("1")));
    }

    for (Future<TestClient.Item> read : reads) {
      assertThat(read.get(30, TimeUnit.SECONDS).id()).isEqualTo("1");
    }
    assertThat(requests()).isEqualTo(8);
  }

  @Test
  void read_whenItTimesOutAfterAWaitForAPermit_saysSo() throws Exception {
    server.setDispatcher(stalling(new CountDownLatch(0)));
    TestClient client =
        client(
            s ->
                s.concurrency(1)
                    .maxAttempts(1)
                    .timeSource(CLOCK)
                    .deadline(Duration.ofMillis(1_200)));
    ExecutorService pool = pool(2);
    List<Future<NetworkException>> reads = new ArrayList<>();
    long start = CLOCK.nanoTime();
    for (int i = 0; i < 2; i++) {
      reads.add(
          pool.submit(() -> catchThrowableOfType(NetworkException.class, () -> client.read("1"))));
    }

    List<String> summaries = new ArrayList<>();
    for (Future<NetworkException> read : reads) {
      summaries.add(read.get(30, TimeUnit.SECONDS).summary());
    }
    assertThat(summaries)
        .containsExactlyInAnyOrder(
            "Test Provider: read item failed: no response in time",
            "Test Provider: read item failed: no response in time; before it was sent, it waited 1 s"
                + " for one of the client's 1 permit (concurrency)");
    // Each has its deadline from its own start.
    assertThat(Duration.ofNanos(CLOCK.nanoTime() - start))
        .isBetween(Duration.ofMillis(2_300), Duration.ofMillis(3_500));
  }

  @Test
  void read_whenThePermitForItsNextTryComesTooLate_failsAtItsDeadlineAndSaysSo() throws Exception {
    var stalled = new CountDownLatch(1);
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (request.getTarget().endsWith("/fails")) {
              return status(503).build();
            }
            stalled.countDown();
            return status(200).onResponseStart(STALL).build();
          }
        });
    TestClient client =
        client(
            s ->
                s.concurrency(1)
                    .deadline(Duration.ofMillis(300))
                    .requestTimeout(Duration.ofSeconds(20)));
    ExecutorService pool = pool(2);
    var holder = new CountDownLatch(1);
    time.onSleep(
        () -> {
          if (holder.getCount() > 0) {
            holder.countDown();
            pool.execute(() -> client.send("stalls"));
            awaitQuietly(stalled);
            pool.execute(() -> client.send("stalls"));
            awaitWaiting(1);
          }
        });

    var error = catchThrowableOfType(RedriveException.class, () -> client.read("fails"));

    assertThat(error.call().httpStatus()).isEqualTo(503);
    assertThat(error.getSuppressed())
        .singleElement()
        .asString()
        .contains("the deadline passed while it waited", "for one of the client's 1 permit");
  }

  @Test
  void close_whileReadsWaitForAPermit_endsThem() throws Exception {
    var arrived = new CountDownLatch(1);
    server.setDispatcher(stalling(arrived));
    TestClient client = client(s -> s.concurrency(1));
    ExecutorService pool = pool(5);
    List<Future<NetworkException>> reads = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      reads.add(
          pool.submit(() -> catchThrowableOfType(NetworkException.class, () -> client.read("1"))));
    }
    assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
    awaitWaiting(4);

    client.close();

    for (Future<NetworkException> read : reads) {
      assertThat(read.get(10, TimeUnit.SECONDS)).hasMessageContaining("the client was closed");
    }
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void threads_whileMuchIsReadAtOnce_areAtMostTwicePerPermit() throws Exception {
    int concurrency = 4;
    var most = new AtomicInteger();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            most.accumulateAndGet(ownThreads(), Math::max);
            String offset = request.getUrl().queryParameter("offset");
            return offset == null ? item() : page(Integer.parseInt(offset));
          }
        });
    TestClient client = client(s -> s.concurrency(concurrency));
    ExecutorService pool = pool(12);
    List<Future<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      work.add(pool.submit(() -> listed(client)));
      work.add(pool.submit(() -> readInReads(client)));
    }

    int sum = 0;
    for (Future<Integer> one : work) {
      sum += one.get(60, TimeUnit.SECONDS);
    }
    assertThat(sum).isEqualTo(6 * 200 + 6 * 30);
    assertThat(most.get()).isBetween(concurrency, 2 * concurrency);
  }

  private static int listed(TestClient client) {
    return (int)
        client
            .http
            .pages(
                10,
                (Recorded<TestClient.Item> row) -> row.value().id(),
                (offset, limit) -> {
                  var page = client.api.listItems(offset, limit).get();
                  return new PageReader.Page<>(page.data(), page.total());
                })
            .stream()
            .count();
  }

  /** Tasks that have tasks of their own done, and wait for them. */
  private static int readInReads(TestClient client) {
    List<Integer> sizes =
        client.http.readEach(
            List.of(1, 2, 3),
            outer ->
                client
                    .http
                    .readEach(IntStream.range(0, 10).boxed().toList(), i -> client.read("1"))
                    .size());
    return sizes.stream().mapToInt(Integer::intValue).sum();
  }

  private static MockResponse page(int offset) {
    var rows = new StringBuilder();
    for (int i = offset; i < Math.min(200, offset + 10); i++) {
      rows.append(i == offset ? "" : ",").append("{\"id\":\"").append(i).append("\"}");
    }
    return json("{\"data\":[" + rows + "],\"total\":200}");
  }

  private static int ownThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("redrive-"))
            .count();
  }

  private ExecutorService pool(int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads, r -> new Thread(r, "caller"));
    closing(pool::shutdownNow);
    return pool;
  }

  /** Until so many callers are parked for a permit. */
  private static void awaitWaiting(int callers) {
    while (Thread.getAllStackTraces().entrySet().stream()
            .filter(
                entry ->
                    entry.getKey().getName().equals("caller")
                        && List.of(entry.getValue()).stream()
                            .anyMatch(frame -> frame.getClassName().endsWith(".Semaphore")))
            .count()
        < callers) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Dispatcher answering(int delayMillis) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        return item().newBuilder().headersDelay(delayMillis, TimeUnit.MILLISECONDS).build();
      }
    };
  }

  private static Dispatcher stalling(CountDownLatch arrived) {
    return new Dispatcher() {
      @Override
      public MockResponse dispatch(RecordedRequest request) {
        arrived.countDown();
        return status(200).onResponseStart(STALL).build();
      }
    };
  }
}
