package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.NotFoundException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FanoutTest extends HttpTest {
  private static final List<String> IDS =
      IntStream.range(0, 60).mapToObj(Integer::toString).toList();

  private final Map<String, Integer> sent = new ConcurrentHashMap<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8, 100})
  void sendEach_answersEachDeliveryInOrder(int concurrency) {
    answer(id -> id % 7 == 0 ? status(400).build() : id % 5 == 0 ? status(500).build() : done());

    List<RetryResult> results = client(s -> s.concurrency(concurrency)).retryAll(IDS);

    assertThat(results.stream().map(result -> result.key().id())).isEqualTo(IDS);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).status())
          .isEqualTo(
              i % 7 == 0
                  ? RetryResult.Status.REJECTED
                  : i % 5 == 0 ? RetryResult.Status.UNKNOWN : RetryResult.Status.ACCEPTED);
    }
    assertThat(sent).hasSize(IDS.size()).allSatisfy((id, times) -> assertThat(times).isEqualTo(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 429})
  void sendEach_whenAFailureConcernsAll_sendsNoMore(int status) {
    answer(id -> id < 10 ? done() : status(status).addHeader("Retry-After", "900").build());

    List<RetryResult> results = client(s -> s.concurrency(3)).retryAll(IDS);

    assertThat(results.stream().map(result -> result.key().id())).isEqualTo(IDS);
    assertThat(statuses(results).subList(0, 10)).containsOnly(RetryResult.Status.ACCEPTED);
    assertThat(statuses(results).subList(10, 60)).containsOnly(RetryResult.Status.NOT_SENT);
    assertThat(results.get(59).reason()).contains("not sent: ", "HTTP " + status);
    assertThat(requests()).isBetween(11, 13);
  }

  @Test
  void sendEach_whenThereIsNothing_isEmpty() {
    assertThat(client().retryAll(List.of())).isEmpty();
    assertThat(requests()).isZero();
  }

  @Test
  void sendEach_sendsSeveralAtOnceButNoMoreThanSet() {
    var barrier = new CyclicBarrier(4);
    var inWork = new AtomicInteger();
    var most = new AtomicInteger();
    answer(
        id -> {
          most.accumulateAndGet(inWork.incrementAndGet(), Math::max);
          try {
            barrier.await(10, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new AssertionError(e);
          } finally {
            inWork.decrementAndGet();
          }
          return done();
        });

    List<RetryResult> results = client(s -> s.concurrency(4)).retryAll(IDS);

    assertThat(statuses(results)).containsOnly(RetryResult.Status.ACCEPTED);
    assertThat(most).hasValue(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void sendEach_whenAMapperStumbles_losesNoOtherResult(int concurrency) {
    answer(id -> done());
    TestClient client = client(s -> s.concurrency(concurrency));
    List<List<FailedDelivery>> batches =
        IDS.stream().map(id -> List.of(client.delivery(id))).toList();

    List<RetryResult> results =
        client
            .http
            .retries()
            .sendEach(
                batches,
                batch -> {
                  FailedDelivery one = batch.get(0);
                  client.send(one.key().id());
                  if (one.key().id().equals("17")) {
                    throw new NullPointerException("planted");
                  }
                  return List.of(RetryResult.accepted(one, null, time.now()));
                });

    assertThat(results.get(17).status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(results.get(17).reason())
        .contains("could not be understood", "NullPointerException")
        .doesNotContain("planted");
    assertThat(statuses(results).stream().filter(RetryResult.Status.ACCEPTED::equals)).hasSize(59);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void sendEach_whenAnErrorEscapes_throwsItAndNeverSaysNotSent(int concurrency) {
    TestClient client = client(s -> s.concurrency(concurrency));
    List<List<FailedDelivery>> batches =
        IDS.stream().map(id -> List.of(client.delivery(id))).toList();

    assertThatThrownBy(
            () ->
                client
                    .http
                    .retries()
                    .sendEach(
                        batches,
                        batch -> {
                          throw new StackOverflowError();
                        }))
        .isInstanceOf(StackOverflowError.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void readEach_answersInOrder(int concurrency) {
    answer(id -> json("{\"id\":\"" + id + "\"}"));
    TestClient client = client(s -> s.concurrency(concurrency));

    List<String> read = client.http.readEach(IDS, id -> client.read(id).id());

    assertThat(read).isEqualTo(IDS);
    assertThat(requests()).isEqualTo(60);
  }

  @Test
  void readEach_whenOneFails_throwsItAndReadsNoMore() {
    answer(id -> id == 5 ? status(404).build() : slowAfter(5, id));
    TestClient client = client(s -> s.concurrency(2));

    assertThatThrownBy(() -> client.http.readEach(IDS, client::read))
        .isInstanceOf(NotFoundException.class);
    assertThat(requests()).isLessThan(10);
  }

  @Test
  void readEach_whenTheThreadIsInterrupted_readsNothing() {
    TestClient client = client();
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> client.http.readEach(IDS, client::read))
        .isInstanceOf(RedriveException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(requests()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void readEach_passesAllOnToTheCallersThread(int concurrency) {
    answer(id -> json("{\"id\":\"" + id + "\"}"));
    TestClient client = client(s -> s.concurrency(concurrency));
    var found = new ArrayList<String>();
    var threads = new HashSet<Thread>();

    client.http.<String, String>readEach(
        IDS,
        (id, handOver) -> {
          handOver.accept(List.of(id + " begun"));
          handOver.accept(List.of());
          handOver.accept(List.of(client.read(id).id()));
        },
        some -> {
          assertThat(some).isNotEmpty();
          threads.add(Thread.currentThread());
          found.addAll(some);
        });

    assertThat(threads).containsExactly(Thread.currentThread());
    assertThat(found).hasSize(120).doesNotHaveDuplicates().containsAll(IDS);
    assertThat(IDS).allMatch(id -> found.indexOf(id + " begun") < found.indexOf(id));
    assertThat(requests()).isEqualTo(60);
  }

  @Test
  void readEach_whileTheReaderIsAtWork_readsOn() {
    answer(id -> json("{\"id\":\"" + id + "\"}"));
    TestClient client = client(s -> s.concurrency(4));
    var other = new CountDownLatch(59);
    var handOvers = new ArrayList<List<String>>();

    client.http.<String, String>readEach(
        IDS,
        (id, handOver) -> {
          handOver.accept(List.of(client.read(id).id()));
          other.countDown();
        },
        some -> {
          handOvers.add(some);
          if (handOvers.size() == 1) {
            await(other);
          }
        });

    assertThat(handOvers).hasSizeBetween(2, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void readEach_whenOneFails_firstPassesOnWhatWasFound(int concurrency) {
    answer(id -> id == 30 ? status(404).build() : slowAfter(30, id));
    TestClient client = client(s -> s.concurrency(concurrency));
    Set<String> found = new HashSet<>();
    Set<String> passedOn = new HashSet<>();

    assertThatThrownBy(
            () ->
                client.http.<String, String>readEach(
                    IDS,
                    (id, handOver) -> {
                      String read = client.read(id).id();
                      synchronized (found) {
                        found.add(read);
                      }
                      handOver.accept(List.of(read));
                    },
                    passedOn::addAll))
        .isInstanceOf(NotFoundException.class);

    assertThat(passedOn).isEqualTo(found).hasSizeBetween(29, 40);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void readEach_whenTheReaderFails_endsAllAndThrowsThat(int concurrency) {
    var stuck = new CountDownLatch(concurrency - 1);
    answer(
        id -> {
          stuck.countDown();
          return status(200).headersDelay(1, TimeUnit.MINUTES).build();
        });
    TestClient client = client(s -> s.concurrency(concurrency));
    Thread caller = Thread.currentThread();
    var planted =
        new NotFoundException(FailedCall.withoutAnswer("Reader", "write", "planted"), null);
    var calls = new AtomicInteger();
    var takenForTheProviders = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                client.http.<String, String>readEach(
                    IDS,
                    (id, handOver) -> {
                      if (Thread.currentThread() != caller) {
                        client.read(id);
                      }
                      await(stuck);
                      try {
                        handOver.accept(List.of(id));
                      } catch (NotFoundException e) {
                        takenForTheProviders.set(true);
                      }
                    },
                    some -> {
                      calls.incrementAndGet();
                      throw planted;
                    }))
        .isSameAs(planted);

    assertThat(calls).hasValue(1);
    assertThat(takenForTheProviders).isFalse();
    assertThat(requests()).isEqualTo(concurrency - 1);
    assertThat(caller.isInterrupted()).isFalse();
  }

  @Test
  void readEach_whenTheCallerIsInterrupted_passesNothingMoreOn() {
    answer(id -> json("{\"id\":\"" + id + "\"}"));
    TestClient client = client(s -> s.concurrency(4));
    var calls = new AtomicInteger();

    assertThatThrownBy(
            () ->
                client.http.<String, String>readEach(
                    IDS,
                    (id, handOver) -> handOver.accept(List.of(client.read(id).id())),
                    some -> {
                      calls.incrementAndGet();
                      Thread.currentThread().interrupt();
                    }))
        .isInstanceOf(OperationInterruptedException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(calls).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void toResult_mapsWhatIsKnownOfTheRequest() {
    TestClient client = client();
    FailedDelivery delivery = client.delivery("1");
    enqueue(status(401).build(), status(400).build(), status(500).build(), done());

    RetryResult notSent = result(client, delivery);
    RetryResult rejected = result(client, delivery);
    RetryResult unknown = result(client, delivery);
    RetryResult accepted = result(client, delivery);

    assertThat(List.of(notSent, rejected, unknown, accepted))
        .extracting(RetryResult::status)
        .containsExactly(
            RetryResult.Status.NOT_SENT,
            RetryResult.Status.REJECTED,
            RetryResult.Status.UNKNOWN,
            RetryResult.Status.ACCEPTED);
    assertThat(notSent.error()).isInstanceOf(AuthenticationException.class);
    assertThat(notSent.reason()).isEqualTo(notSent.error().summary());
    assertThat(accepted.error()).isNull();
    assertThat(accepted.reason()).isNull();
    assertThat(accepted.newLogId()).isEqualTo("new");
  }

  private static RetryResult result(TestClient client, FailedDelivery delivery) {
    return client
        .send("1")
        .toResult(delivery, done -> RetryResult.accepted(delivery, "new", done.at()));
  }

  private static List<RetryResult.Status> statuses(List<RetryResult> results) {
    return results.stream().map(RetryResult::status).collect(Collectors.toList());
  }

  private interface Answers {
    MockResponse to(int id);
  }

  /** Answers by the item that a request names. */
  /** Later ones take their time, so that a failure is known before many of them are read. */
  private static MockResponse slowAfter(int failing, int id) {
    return json("{\"id\":\"" + id + "\"}")
        .newBuilder()
        .headersDelay(id < failing ? 0 : 100, TimeUnit.MILLISECONDS)
        .build();
  }

  private void answer(Answers answers) {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String id = request.getUrl().pathSegments().get(2);
            sent.merge(id, 1, Integer::sum);
            return answers.to(Integer.parseInt(id));
          }
        });
  }
}
