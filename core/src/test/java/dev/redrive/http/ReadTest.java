package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTest extends HttpTest {
  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504, 599})
  void read_whenServerRecovers_isSentAgain(int status) {
    enqueue(status(status).build(), status(status).build(), item());

    assertThat(client().read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(3);
    assertThat(time.sleeps()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void read_whenServerStaysBroken_failsAfterAllTries(int status) {
    for (int i = 0; i < 10; i++) {
      enqueue(status(status).build());
    }

    assertThatThrownBy(() -> client().read("1"))
        .isInstanceOf(
            status == 429 ? RateLimitedException.class : ProviderUnavailableException.class)
        .hasMessageContaining("Test Provider: read item failed with HTTP " + status);
    assertThat(requests()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void read_whenServerStaysBroken_triesAsOftenAsSet(int attempts) {
    for (int i = 0; i < 10; i++) {
      enqueue(status(500).build());
    }

    assertThatThrownBy(() -> client(s -> s.maxAttempts(attempts)).read("1"))
        .isInstanceOf(ProviderUnavailableException.class);
    assertThat(requests()).isEqualTo(attempts);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 409, 410, 418, 422, 451, 301, 304, 308})
  void read_whenRefused_isNotSentAgain(int status) {
    enqueue(status(status).build(), item());

    Class<? extends RedriveException> expected =
        switch (status) {
          case 401, 403 -> AuthenticationException.class;
          case 404 -> NotFoundException.class;
          default -> InvalidRequestException.class;
        };
    assertThatThrownBy(() -> client().read("1"))
        .isInstanceOf(expected)
        .hasMessageContaining("HTTP " + status);
    assertThat(requests()).isEqualTo(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void find_isEmpty_onlyIfTheApiItselfSaysThatThereIsNone() {
    enqueue(
        item(),
        status(404)
            .addHeader("Content-Type", "application/json")
            .body("{\"message\":\"no such item\"}")
            .build(),
        status(404).body("<html>").build());
    Read<Recorded<TestClient.Item>> read = client().api.readItem("1");

    assertThat(read.find()).isPresent();
    assertThat(client().api.readItem("1").find()).isEmpty();
    assertThatThrownBy(() -> client().api.readItem("1").find())
        .isInstanceOf(MalformedResponseException.class);
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void read_whenConnectionBreaksBeforeTheAnswer_isSentAgain() {
    enqueue(status(200).onResponseStart(CLOSE).build(), item());

    assertThat(client().read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void read_whenConnectionBreaksInTheAnswer_isSentAgain() {
    enqueue(
        status(200).body("{\"id\":\"" + "1".repeat(10_000) + "\"}").onResponseBody(CLOSE).build(),
        item());

    assertThat(client().read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void read_whenErrorAnswerBreaks_isSentAgain() {
    enqueue(status(503).body("x".repeat(10_000)).onResponseBody(CLOSE).build(), item());

    assertThat(client().read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void read_whenNobodyListens_failsAfterAllTriesAndNamesTheServer() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = socket.getLocalPort();
    }

    assertThatThrownBy(
            () -> client(s -> s.baseUrl("http://127.0.0.1:" + port).account("prod")).read("1"))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("could not connect to 127.0.0.1:" + port);
    assertThat(time.sleeps()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "42",
        "\"text\"",
        "[]",
        "[{}]",
        "{",
        "{\"id\":",
        "{\"id\":[]}",
        "}{",
        "<html><body>Sign in</body></html>",
        "\u0000\u0000",
        "nul"
      })
  void read_whenAnswerIsNotOfTheApi_failsAtOnceWithoutQuotingIt(String body) {
    enqueue(json(body), item());

    assertThatThrownBy(() -> client().read("1"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("Test Provider: read item failed")
        .hasMessageNotContaining("html")
        .hasNoCause();
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void read_whenAnswerIsRandomBytes_failsAsMalformed() {
    var client = client();
    var random = new SplittableRandom(7);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      enqueue(status(200).body(new Buffer().write(bytes)).build());

      assertThatThrownBy(() -> client.read("1")).isInstanceOf(MalformedResponseException.class);
    }
    assertThat(requests()).isEqualTo(300);
  }

  @Test
  void read_whenAnswerNestsWithoutEnd_failsAsMalformed() {
    enqueue(json("{\"x\":" + "[".repeat(200_000)));

    assertThatThrownBy(() -> client().read("1")).isInstanceOf(MalformedResponseException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 205})
  void read_whenAnswerHasNoBody_failsAsMalformed(int status) {
    enqueue(status(status).build());

    assertThatThrownBy(() -> client().read("1")).isInstanceOf(MalformedResponseException.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void read_whenAnswerIsLargerThanTheLimit_isRefused() {
    enqueue(json("{\"id\":\"" + "x".repeat(1000) + "\"}"));

    assertThatThrownBy(() -> client(s -> s.maxResponseBytes(500)).read("1"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("larger than 500 bytes");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void read_whenAnswerIsAsLargeAsTheLimit_isRead() {
    String body = "{\"id\":\"" + "x".repeat(491) + "\"}";
    assertThat(body).hasSize(500);
    enqueue(json(body));

    assertThat(client(s -> s.maxResponseBytes(500)).read("1").id()).hasSize(491);
  }

  @Test
  void read_whenChunkedAnswerIsLargerThanTheLimit_isRefused() {
    enqueue(status(200).chunkedBody("{\"id\":\"" + "x".repeat(100_000) + "\"}", 1000).build());

    assertThatThrownBy(() -> client(s -> s.maxResponseBytes(50_000)).read("1"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("larger than 50000 bytes");
  }

  @Test
  void read_whenCompressedAnswerGrowsBeyondTheLimit_isRefused() throws Exception {
    var plain = new Buffer().writeUtf8("{\"id\":\"" + "x".repeat(100_000) + "\"}");
    var packed = new Buffer();
    try (var gzip = new okio.GzipSink(packed)) {
      gzip.write(plain, plain.size());
    }
    assertThat(packed.size()).isLessThan(1000);
    enqueue(status(200).addHeader("Content-Encoding", "gzip").body(packed).build());

    assertThatThrownBy(() -> client(s -> s.maxResponseBytes(50_000)).read("1"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("larger than 50000 bytes");
  }

  @Test
  void read_whenErrorAnswerIsLargerThanTheLimit_isRefused() {
    enqueue(status(400).body("x".repeat(1000)).build());

    assertThatThrownBy(() -> client(s -> s.maxResponseBytes(500)).read("1"))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("HTTP 400: the response is larger than 500 bytes");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void read_whenBrokenForLong_backsOffExponentiallyWithFullJitter() {
    var client = client(s -> s.maxAttempts(9).deadline(Duration.ofHours(1)));
    double[] share = new double[8];
    int runs = 60;
    for (int run = 0; run < runs; run++) {
      for (int i = 0; i < 9; i++) {
        enqueue(status(500).build());
      }
      assertThatThrownBy(() -> client.read("1")).isInstanceOf(ProviderUnavailableException.class);
    }

    assertThat(time.sleeps()).hasSize(8 * runs);
    for (int i = 0; i < time.sleeps().size(); i++) {
      long most = Math.min(10_000, 250L << (i % 8));
      long millis = time.sleeps().get(i).toMillis();
      assertThat(millis).isBetween(0L, most);
      share[i % 8] += (double) millis / most / runs;
    }
    // Full jitter: over many runs, waits spread over the whole range.
    assertThat(Arrays.stream(share)).allMatch(mean -> mean > 0.25 && mean < 0.75);
  }

  @ParameterizedTest
  @CsvSource({"429,7", "503,7", "500,1", "429,0", "429,30"})
  void read_whenAskedToWaitSeconds_waitsAtLeastThatLong(int status, int seconds) {
    enqueue(status(status).addHeader("Retry-After", seconds).build(), item());

    client().read("1");

    assertThat(time.sleeps()).singleElement().isNotNull();
    assertThat(time.slept())
        .isBetween(Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 1));
  }

  @Test
  void read_whenAskedToWaitUntilADate_goesByTheProvidersClock() {
    enqueue(
        status(429)
            .addHeader("Date", "Tue, 01 Jan 2030 00:00:00 GMT")
            .addHeader("Retry-After", "Tue, 01 Jan 2030 00:00:20 GMT")
            .build(),
        item());

    client().read("1");

    assertThat(time.slept()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
  }

  @Test
  void read_whenAskedToWaitUntilADateWithoutDateHeader_goesByOwnClock() {
    enqueue(status(429).addHeader("Retry-After", "Sun, 01 Mar 2026 12:00:09 GMT").build(), item());

    client().read("1");

    assertThat(time.slept()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
  }

  @Test
  void read_whenAskedToWaitUntilThePast_goesOnSoon() {
    enqueue(status(429).addHeader("Retry-After", "Sun, 01 Mar 1998 12:00:09 GMT").build(), item());

    client().read("1");

    assertThat(time.slept()).isLessThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "1.5.2", "", "1 2", "0x10", "Sun, 99 Foo", "\u0661"})
  void read_whenRetryAfterIsGarbage_backsOffAsWithoutIt(String value) {
    enqueue(status(429).addHeaderLenient("Retry-After", value).build(), item());

    assertThat(client().read("1").id()).isEqualTo("1");
    assertThat(time.slept()).isLessThan(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({"31,31", "86400,86400", "999999999999999999999,31536000"})
  void read_whenAskedToWaitBeyondTheCap_failsAtOnceAndTellsHowLong(String asked, long told) {
    enqueue(status(429).addHeader("Retry-After", asked).build(), item());

    assertThatThrownBy(() -> client().read("1"))
        .isInstanceOfSatisfying(
            RateLimitedException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(told)))
        .hasMessageContaining("Try again in " + told + " s");
    assertThat(requests()).isEqualTo(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void read_whenNoWaitIsAllowed_failsAtOnce() {
    enqueue(status(429).addHeader("Retry-After", "1").build(), item());

    assertThatThrownBy(() -> client(s -> s.maxRetryAfter(Duration.ZERO)).read("1"))
        .isInstanceOf(RateLimitedException.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void read_whenUnavailableBeyondTheCap_failsAtOnce() {
    enqueue(status(503).addHeader("Retry-After", "3600").build(), item());

    assertThatThrownBy(() -> client().read("1"))
        .isInstanceOfSatisfying(
            RateLimitedException.class,
            e -> {
              assertThat(e.retryAfter()).isEqualTo(Duration.ofHours(1));
              assertThat(e.call().httpStatus()).isEqualTo(503);
            });
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void read_whenTheDeadlineWouldPass_failsWithoutWaitingForIt() {
    for (int i = 0; i < 50; i++) {
      enqueue(status(429).addHeader("Retry-After", "25").build());
    }

    assertThatThrownBy(
            () -> client(s -> s.maxAttempts(50).deadline(Duration.ofMinutes(1))).read("1"))
        .isInstanceOf(RateLimitedException.class);
    assertThat(time.slept()).isLessThan(Duration.ofMinutes(1));
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void read_whenAnswersStall_endsEachTryAtTheRequestTimeout() {
    MockResponse stalled = status(200).onResponseStart(STALL).build();
    enqueue(stalled, stalled, item());

    assertThat(client(s -> s.requestTimeout(Duration.ofMillis(500))).read("1").id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void read_whenBodyStalls_endsAtTheRequestTimeout() {
    enqueue(status(200).body("{\"id\":\"1\"}").bodyDelay(30, TimeUnit.SECONDS).build());

    assertThatThrownBy(
            () -> client(s -> s.requestTimeout(Duration.ofMillis(150)).maxAttempts(1)).read("1"))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("no response in time");
  }

  @Test
  void read_whenTheDeadlineIsShorterThanTheRequestTimeout_endsAtTheDeadline() {
    enqueue(status(200).onResponseStart(STALL).build());

    assertThatThrownBy(
            () -> client(s -> s.deadline(Duration.ofMillis(150)).maxAttempts(1)).read("1"))
        .isInstanceOf(NetworkException.class)
        .hasMessageContaining("no response in time");
  }

  @Test
  void read_whenBaseUrlHasAPathAndIdsHaveSlashes_encodesThem() throws Exception {
    enqueue(item());

    client().read("a/../b?c#d%2e é");

    assertThat(server.takeRequest().getTarget())
        .isEqualTo("/api/items/a%2F..%2Fb%3Fc%23d%252e%20%C3%A9");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2e", "%2E%2e"})
  void read_whenAnIdWouldClimbThePath_isNeverMade(String id) {
    enqueue(item());
    var client = client();

    try {
      client.read(id);
      assertThat(server.takeRequest().getTarget()).startsWith("/api/items/%25");
    } catch (RedriveException e) {
      assertThat(e).isInstanceOf(InvalidRequestException.class);
      assertThat(requests()).isZero();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void read_sendsTheKeyAndAsksForJson() throws Exception {
    enqueue(item());

    client(s -> s.region("eu")).read("1");

    var headers = server.takeRequest().getHeaders();
    assertThat(headers.values("x-api-key")).containsExactly(TestClient.KEY);
    assertThat(headers.values("x-region")).containsExactly("eu");
    assertThat(headers.values("Accept")).containsExactly("application/json");
  }

  @Test
  void read_whenAnswersKeepComing_usesOneConnection() throws Exception {
    var client = client();
    for (int i = 0; i < 20; i++) {
      enqueue(i % 3 == 0 ? status(500).body("{\"message\":\"x\"}").build() : item());
    }
    for (int i = 0; i < 13; i++) {
      client.read("1");
    }
    for (int i = 0; i < 20; i++) {
      assertThat(server.takeRequest().getConnectionIndex()).isZero();
    }
  }
}
