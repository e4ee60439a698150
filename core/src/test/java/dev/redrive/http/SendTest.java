package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.AuthenticationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.http.TestClient.Done;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockWebServer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendTest extends HttpTest {
  @Test
  void send_whenAnswered_isAnswered() {
    enqueue(done());

    assertThat(client().send("1")).isEqualTo(new Sent.Answered<>(new Done(true), time.now()));
    assertThat(requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void send_whoseStatusTellsAll_isAnsweredWithOrWithoutABody(int status) {
    enqueue(status(status).build());
    if (status != 204) {
      enqueue(status(status).body(" {\"any\": [1]} ").build());
    }
    TestClient client = client();

    for (int i = 0; i < (status == 204 ? 1 : 2); i++) {
      assertThat(client.api.resendItem("1").once())
          .isEqualTo(new Sent.Answered<>(NoBody.NO_BODY, time.now()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "{", "{}}", "null", "[]", "\"ok\"", "accepted", " "})
  void send_whoseStatusTellsAll_isUnknownWhereSomethingElseAnswers(String body) {
    enqueue(status(202).addHeader("Content-Type", "application/json").body(body).build());

    assertThat(client().api.resendItem("1").once())
        .isInstanceOfSatisfying(
            Sent.Unknown.class,
            unknown -> assertThat(unknown.error()).isInstanceOf(MalformedResponseException.class));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void send_whoseBodyIsMissing_isUnknown(int status) {
    enqueue(status(status).build(), done());

    assertUnknown(client().send("1"), MalformedResponseException.class);
  }

  @Test
  void send_whenForbiddenForAWhile_wasNotDoneAndGoesOutAgain() {
    enqueue(
        status(403).addHeader("Retry-After", "1").build(),
        status(403)
            .addHeader("X-RateLimit-Remaining", "0")
            .addHeader("X-RateLimit-Reset", time.now().plusSeconds(3).getEpochSecond())
            .build(),
        done());

    assertThat(client().send("1")).isInstanceOf(Sent.Answered.class);
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void send_whenTheErrorBodyTellsOfALimit_wasNotDoneAndGoesOutAgainAfterItsWait() {
    enqueue(status(403).body("{\"code\":\"slow down\"}").build(), done());

    assertThat(client().send("1")).isInstanceOf(Sent.Answered.class);
    assertThat(requests()).isEqualTo(2);
    assertThat(time.slept()).isGreaterThanOrEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 304, 307, 308, 408, 500, 502, 503, 504, 599})
  void send_whenTheAnswerDoesNotTell_isUnknownAndGoesOutOnce(int status) {
    enqueue(status(status).build(), done());

    assertUnknown(client().send("1"), RedriveException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "Wed, 21 Oct 2015 07:28:00 GMT"})
  void send_whenUnavailableWithRetryAfter_goesOutOnce(String retryAfter) {
    enqueue(status(503).addHeader("Retry-After", retryAfter).build(), done());

    assertUnknown(client().send("1"), ProviderUnavailableException.class);
  }

  @Test
  void send_whenTimedOutByTheServerWithRetryAfter_goesOutOnce() {
    enqueue(status(408).addHeader("Retry-After", "0").build(), done());

    assertUnknown(client().send("1"), ProviderUnavailableException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 409, 410, 421, 422, 451})
  void send_whenRefused_isRejectedAndGoesOutOnce(int status) {
    enqueue(status(status).body("{\"message\":\"no such item\"}").build(), done());

    assertThat(client().send("1"))
        .isInstanceOfSatisfying(
            Sent.Rejected.class,
            rejected ->
                assertThat(((Sent.Rejected<?>) rejected).error().summary())
                    .contains("retry item failed with HTTP " + status, "no such item"));
    assertThat(requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void send_whenTheKeyIsRefused_isNotSentAndGoesOutOnce(int status) {
    enqueue(status(status).addHeader("WWW-Authenticate", "Basic realm=\"x\"").build(), done());

    assertNotSent(client().send("1"), AuthenticationException.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void send_whenRateLimited_goesOutAgain() {
    enqueue(
        status(429).build(),
        status(429).addHeader("Retry-After", "2").build(),
        status(429).addHeader("Retry-After", "0").build(),
        done());

    assertThat(client().send("1")).isInstanceOf(Sent.Answered.class);
    assertThat(requests()).isEqualTo(4);
    assertThat(time.slept()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void send_whenRateLimitedToTheLast_isNotSent() {
    for (int i = 0; i < 9; i++) {
      enqueue(status(429).build());
    }

    assertNotSent(client().send("1"), RateLimitedException.class);
    assertThat(requests()).isEqualTo(5);
  }

  @Test
  void send_whenRateLimitedForLong_isNotSentAtOnce() {
    enqueue(status(429).addHeader("Retry-After", "900").build(), done());

    assertNotSent(client().send("1"), RateLimitedException.class);
    assertThat(requests()).isEqualTo(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void send_whenUnavailableAfterRateLimited_isUnknown() {
    enqueue(status(429).build(), status(503).build(), done());

    assertThat(client().send("1")).isInstanceOf(Sent.Unknown.class);
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void send_whenTheAnswerIsLost_isUnknown() {
    enqueue(status(200).onResponseStart(CLOSE).build(), done());

    assertUnknown(client().send("1"), NetworkException.class);
  }

  @Test
  void send_whenTheConnectionBreaksWhileItIsSent_isUnknown() {
    enqueue(status(200).onRequestStart(CLOSE).build(), done());

    assertThat(client().send("1")).isInstanceOf(Sent.Unknown.class);
    assertThat(requests()).isLessThanOrEqualTo(1);
  }

  @Test
  void send_whenTheAnswerIsCutOff_isUnknown() {
    enqueue(
        status(200)
            .body("{\"success\":true" + " ".repeat(9999) + "}")
            .onResponseBody(CLOSE)
            .build(),
        done());

    assertUnknown(client().send("1"), NetworkException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "{\"success\":", "[]", "42", "<html>Sign in</html>", "\u0000\u0001"})
  void send_whenTheAnswerIsNotOfTheApi_isUnknown(String body) {
    enqueue(json(body), done());

    assertUnknown(client().send("1"), MalformedResponseException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 204})
  void send_whenTheAnswerHasNoBody_isUnknown(int status) {
    enqueue(status(status).build(), done());

    assertUnknown(client().send("1"), MalformedResponseException.class);
  }

  @Test
  void send_whenTheAnswerIsTooLarge_isUnknown() {
    enqueue(json("{\"success\":true}" + " ".repeat(1000)), done());

    Sent<Done> sent = client(settings -> settings.maxResponseBytes(100)).send("1");

    assertUnknown(sent, MalformedResponseException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 429, 500})
  void send_whenTheRefusalIsTooLarge_isUnknownAndGoesOutOnce(int status) {
    enqueue(status(status).body(" ".repeat(1000)).build(), done());

    Sent<Done> sent = client(settings -> settings.maxResponseBytes(100)).send("1");

    assertUnknown(sent, MalformedResponseException.class);
    assertThat(((Sent.Unknown<Done>) sent).error().call().httpStatus()).isEqualTo(status);
  }

  @Test
  void send_whenTheStatusLineIsGarbage_isUnknownAndDoesNotQuoteIt() throws Exception {
    try (var raw =
        new RawServer((it, socket) -> it.answer(socket, "HTTP/1.1 SECRET-ON-THE-WIRE\r\n\r\n"))) {
      Sent<Done> sent = client(settings -> settings.baseUrl(raw.url("http"))).send("1");

      var unknown = (Sent.Unknown<Done>) sent;
      assertThat(unknown.error()).isInstanceOf(NetworkException.class);
      assertThat(Throwables.getStackTrace(unknown.error())).doesNotContain("SECRET-ON-THE-WIRE");
      assertThat(raw.connections()).isEqualTo(1);
    }
  }

  @Test
  void send_whenTheAnswerStalls_isUnknownAtTheRequestTimeout() {
    enqueue(status(200).onResponseStart(STALL).build(), done());

    Sent<Done> sent = client(s -> s.requestTimeout(Duration.ofMillis(150))).send("1");

    assertUnknown(sent, NetworkException.class);
  }

  @Test
  void send_whenAPooledConnectionDied_goesOutOnce() throws Exception {
    try (var raw =
        new RawServer(
            (it, socket) -> {
              it.answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"success\":true}");
              // Reads the second request on this connection and hangs up.
              it.readRequest(socket);
            })) {
      TestClient client = client(settings -> settings.baseUrl(raw.url("http")));
      assertThat(client.send("1")).isInstanceOf(Sent.Answered.class);

      assertThat(client.send("2")).isInstanceOf(Sent.Unknown.class);

      assertThat(raw.connections()).isEqualTo(1);
      assertThat(raw.requests()).isEqualTo(2);
    }
  }

  @Test
  void send_whenNobodyListens_isNotSentAfterAllTries() throws Exception {
    int port = closedPort();

    Sent<Done> sent = client(s -> s.baseUrl("http://127.0.0.1:" + port)).send("1");

    assertNotSent(sent, NetworkException.class);
    assertThat(time.sleeps()).hasSize(4);
  }

  @Test
  void send_whenTheServerStartsToListenInTheMeantime_goesOutOnce() throws Exception {
    int port = closedPort();
    var late = closing(new MockWebServer());
    late.enqueue(done());
    time.onSleep(
        () -> {
          if (time.sleeps().size() == 1) {
            start(late, port);
          }
        });

    Sent<Done> sent = client(s -> s.baseUrl("http://127.0.0.1:" + port)).send("1");

    assertThat(sent).isInstanceOf(Sent.Answered.class);
    assertThat(late.getRequestCount()).isEqualTo(1);
    assertThat(time.sleeps()).hasSize(2);
  }

  @Test
  void send_whenTheHostIsUnknown_isNotSentAfterAllTries() {
    var lookups = new AtomicInteger();
    var callers =
        new OkHttpClient.Builder()
            .dns(
                host -> {
                  lookups.incrementAndGet();
                  throw new UnknownHostException(host);
                })
            .build();

    Sent<Done> sent =
        client(s -> s.okHttpClient(callers).baseUrl("https://no.such.example")).send("1");

    assertNotSent(sent, NetworkException.class);
    assertThat(((Sent.NotSent<Done>) sent).error())
        .hasMessageContaining("unknown host no.such.example");
    assertThat(lookups).hasValue(5);
  }

  @Test
  void send_whenTheNameLookupHangs_isNotSentAtTheRequestTimeout() {
    var ended = new CountDownLatch(1);
    closing(ended::countDown);
    var callers =
        new OkHttpClient.Builder()
            .dns(
                host -> {
                  awaitQuietly(ended);
                  throw new UnknownHostException(host);
                })
            .build();

    Sent<Done> sent =
        client(
                s ->
                    s.okHttpClient(callers)
                        .baseUrl("https://slow.example")
                        .requestTimeout(Duration.ofMillis(100))
                        .maxAttempts(2))
            .send("1");

    assertNotSent(sent, NetworkException.class);
  }

  @Test
  void send_whenTheFirstAddressIsDead_goesOutOnceToTheSecond() throws Exception {
    enqueue(done());
    List<InetAddress> addresses =
        List.of(InetAddress.getByName("127.0.0.7"), InetAddress.getByName("127.0.0.1"));
    var callers = new OkHttpClient.Builder().dns(host -> addresses).build();

    Sent<Done> sent =
        client(
                s ->
                    s.okHttpClient(callers)
                        .baseUrl("http://localhost:" + server.getPort())
                        .maxAttempts(1))
            .send("1");

    assertThat(sent).isInstanceOf(Sent.Answered.class);
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void send_whenTheTlsHandshakeFails_isNotSentAfterAllTries() throws Exception {
    try (var raw = new RawServer((it, socket) -> it.say(socket, "this is not TLS\r\n\r\n"))) {
      Sent<Done> sent = client(settings -> settings.baseUrl(raw.url("https"))).send("1");

      assertNotSent(sent, NetworkException.class);
      assertThat(((Sent.NotSent<Done>) sent).error()).hasMessageContaining("the TLS connection to");
      assertThat(raw.connections()).isGreaterThanOrEqualTo(5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 307, 308})
  void send_whenRedirected_neverFollowsNorShowsTheKeyElsewhere(int status) throws Exception {
    var elsewhere = closing(new MockWebServer());
    elsewhere.start();
    elsewhere.enqueue(done());
    enqueue(
        status(status).addHeader("Location", elsewhere.url("/stolen").toString()).build(), done());
    var callers = new OkHttpClient.Builder().followRedirects(true).followSslRedirects(true).build();

    assertUnknown(client(s -> s.okHttpClient(callers)).send("1"), InvalidRequestException.class);
    assertThat(elsewhere.getRequestCount()).isZero();
  }

  @Test
  void send_whenTheCallersAuthenticatorWouldAnswer_goesOutOnce() {
    enqueue(status(401).addHeader("WWW-Authenticate", "Basic realm=\"x\"").build(), done());
    var asked = new AtomicInteger();
    var callers =
        new OkHttpClient.Builder()
            .authenticator(
                (route, response) -> {
                  asked.incrementAndGet();
                  return response.request().newBuilder().header("Authorization", "x").build();
                })
            .build();

    assertNotSent(client(s -> s.okHttpClient(callers)).send("1"), AuthenticationException.class);
    assertThat(requests()).isEqualTo(1);
    assertThat(asked).hasValue(0);
  }

  @Test
  void send_whenTheCallersInterceptorProceedsTwice_goesOutOnce() {
    enqueue(status(503).build(), done());
    var callers =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  chain.proceed(chain.request()).close();
                  return chain.proceed(chain.request());
                })
            .build();

    Sent<Done> sent = client(s -> s.okHttpClient(callers)).send("1");

    assertUnknown(sent, InvalidRequestException.class);
    assertThat(((Sent.Unknown<Done>) sent).error())
        .hasMessageContaining("sends the request a second time");
  }

  @Test
  void send_whenTheCallersInterceptorBuildsTheRequestAnew_doesNotLeave() {
    enqueue(done());
    var callers =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain ->
                    chain.proceed(
                        new Request.Builder()
                            .url(chain.request().url())
                            .method("POST", chain.request().body())
                            .build()))
            .build();

    Sent<Done> sent = client(s -> s.okHttpClient(callers)).send("1");

    assertThat(sent).isInstanceOf(Sent.NotSent.class);
    assertThat(((Sent.NotSent<Done>) sent).error())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("an interceptor of the okHttpClient builds a new request");
    assertThat(requests()).isZero();
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void send_whenTheCallersInterceptorThrows_isNotSent() {
    enqueue(done());
    var callers =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  throw new IOException("no");
                })
            .build();

    assertNotSent(client(s -> s.okHttpClient(callers)).send("1"), NetworkException.class);
    assertThat(requests()).isZero();
  }

  @Test
  void send_whenAnIdFitsIntoNoUrl_isNotSent() {
    enqueue(done());

    assertNotSent(client().send(".."), InvalidRequestException.class);
    assertThat(requests()).isZero();
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void send_whenTheClientIsClosed_isNotSent() {
    enqueue(done());
    TestClient client = client();
    client.close();

    Sent<Done> sent = client.send("1");

    assertNotSent(sent, InvalidRequestException.class);
    assertThat(((Sent.NotSent<Done>) sent).error()).hasMessageContaining("the client is closed");
    assertThat(requests()).isZero();
    assertThat(time.sleeps()).isEmpty();
  }

  private void assertUnknown(Sent<Done> sent, Class<? extends RedriveException> error) {
    assertThat(sent)
        .isInstanceOfSatisfying(
            Sent.Unknown.class,
            unknown -> assertThat(((Sent.Unknown<?>) unknown).error()).isInstanceOf(error));
    assertThat(requests()).isEqualTo(1);
    assertThat(time.sleeps()).isEmpty();
  }

  private static void assertNotSent(Sent<Done> sent, Class<? extends RedriveException> error) {
    assertThat(sent)
        .isInstanceOfSatisfying(
            Sent.NotSent.class,
            notSent -> assertThat(((Sent.NotSent<?>) notSent).error()).isInstanceOf(error));
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void start(MockWebServer server, int port) {
    try {
      server.start(InetAddress.getByName("127.0.0.1"), port);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
