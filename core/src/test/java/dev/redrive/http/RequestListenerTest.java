package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.NetworkException;
import dev.redrive.PauseReason;
import dev.redrive.RequestListener;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract cannot cause; {@code RequestListenerContract} has the rest. */
class RequestListenerTest extends HttpTest {
  private final Events events = new Events();

  private static final class Events implements RequestListener {
    final List<String> all = new ArrayList<>();

    @Override
    public synchronized void onStart(Request request) {
      all.add("start " + request.operation());
    }

    @Override
    public synchronized void onEnd(Request request, Result result, Duration duration) {
      all.add("end " + request.operation() + " " + result + " " + duration);
    }

    @Override
    public synchronized void onPause(Request request, Duration wait, PauseReason reason) {
      all.add("pause " + request.operation() + " " + reason + " " + wait.toSeconds() + " s");
    }
  }

  @Test
  void aRequestThatIsSentAgain_isToldAgain_withThePauseInBetween() {
    enqueue(status(429).addHeader("Retry-After", "20").build(), done());

    client(settings -> settings.requestListener(events)).send("1");

    assertThat(events.all)
        .hasSize(5)
        .startsWith("start retry item", "end retry item RATE_LIMITED PT0S")
        .endsWith("start retry item", "end retry item SUCCESS PT0S");
    assertThat(events.all.get(2)).matches("pause retry item RATE_LIMIT 2\\d s");
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void aKeyThatIsRefusedAndRenewed_isTwoRequestsWithoutAPause() {
    enqueue(status(401).build(), item());
    client(
            settings ->
                settings
                    .apiKey(null)
                    .credentials(() -> "key-" + requests())
                    .requestListener(events))
        .read("1");

    assertThat(events.all)
        .containsExactly(
            "start read item",
            "end read item UNAUTHORIZED PT0S",
            "start read item",
            "end read item SUCCESS PT0S");
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void aRequestWithoutAKey_isNoRequest() {
    client(
            settings ->
                settings
                    .apiKey(null)
                    .credentials(
                        () -> {
                          throw new IllegalStateException("no key");
                        })
                    .requestListener(events))
        .send("1");

    assertThat(events.all).isEmpty();
    assertThat(requests()).isZero();
  }

  @Test
  void aRequestThatEndsWithTheClient_isCancelled() {
    server.enqueue(status(200).onResponseStart(STALL).build());
    TestClient[] client = new TestClient[1];
    client[0] =
        client(
            settings ->
                settings.requestListener(
                    new RequestListener() {
                      @Override
                      public void onStart(Request request) {
                        events.onStart(request);
                        client[0].close();
                      }

                      @Override
                      public void onEnd(Request request, Result result, Duration duration) {
                        events.onEnd(request, result, duration);
                      }
                    }));

    assertThatThrownBy(() -> client[0].read("1")).isInstanceOf(NetworkException.class);

    assertThat(events.all).containsExactly("start read item", "end read item CANCELLED PT0S");
  }

  @Test
  void anInterruptedRequest_isCancelled() {
    enqueue(status(200).onResponseStart(STALL).build());
    TestClient client =
        client(
            settings ->
                settings.requestListener(
                    new RequestListener() {
                      @Override
                      public void onStart(Request request) {
                        Thread.currentThread().interrupt();
                      }

                      @Override
                      public void onEnd(Request request, Result result, Duration duration) {
                        events.onEnd(request, result, duration);
                      }
                    }));

    client.send("1");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(events.all).containsExactly("end retry item CANCELLED PT0S");
  }

  @Test
  void aListenerThatFails_isLoggedOnce() {
    enqueue(status(500).build(), item(), done());
    TestClient client = client(settings -> settings.requestListener(new Failing()));
    PrintStream before = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      assertThat(client.read("1").id()).isEqualTo("1");
      assertThat(client.send("1")).isInstanceOf(Sent.Answered.class);
    } finally {
      System.setErr(before);
    }

    assertThat(requests()).isEqualTo(3);
    assertThat(log.toString(StandardCharsets.UTF_8))
        .containsOnlyOnce("the request listener failed in onStart; requests go on");
  }

  private static final class Failing implements RequestListener {
    @Override
    public void onStart(Request request) {
      throw new IllegalStateException("start");
    }

    @Override
    public void onEnd(Request request, Result result, Duration duration) {
      throw new NoClassDefFoundError("end");
    }

    @Override
    public void onPause(Request request, Duration wait, PauseReason reason) {
      throw new IllegalStateException("pause");
    }
  }

  @Test
  void noListener_isAProblem() {
    assertThatThrownBy(() -> client(settings -> settings.requestListener(null)))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("requestListener is null");
  }
}
