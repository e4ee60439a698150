package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.redrive.AuthenticationException;
import dev.redrive.NetworkException;
import dev.redrive.RateLimitedException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import retrofit2.http.Field;
import retrofit2.http.FormUrlEncoded;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Path;

/** A client that requests its token by itself. */
class TokenTest extends HttpTest {
  private static final String SECRET = "s3cret/of+client";

  interface Api {
    @FormUrlEncoded
    @POST("token")
    Read<Issued> requestToken(@Field("grant_type") String grant);

    @GET("items/{id}")
    Read<Item> readItem(@Path("id") String id);

    @POST("items/{id}/resend")
    Send<NoBody> resendItem(@Path("id") String id);
  }

  record Issued(@JsonProperty("access_token") String token) {}

  record Item(@Nullable String id) {}

  record Refusal(@JsonProperty("error") @Nullable String errorMessage) implements ErrorBody {
    @Override
    public @Nullable String errorCode() {
      return null;
    }
  }

  private static final class Builder extends ClientBuilder<Builder> {
    Builder() {
      super("test", "Test", null);
    }

    ProviderHttp build() {
      return connect("my client", Builder::request, Refusal.class);
    }

    private static Token request(ProviderHttp http) {
      Issued issued = http.create(Api.class).requestToken("client_credentials").get();
      return new Token(issued.token(), Duration.ofSeconds(60));
    }
  }

  /** A client that makes its tokens itself. */
  private static final class Signer extends ClientBuilder<Signer> {
    Signer() {
      super("test", "Test", null);
    }

    ProviderHttp build() {
      tokens(now -> new Token("signed-" + now.getEpochSecond(), Duration.ofMinutes(10)));
      return connect("Authorization", "Bearer ", Refusal.class);
    }
  }

  @Test
  void aTokenThatTheClientMakes_isCarriedInsteadOfTheKey_andRenewed() throws Exception {
    enqueue(item(), item(), item(), status(401).build(), item());
    long start = time.now().getEpochSecond();
    Api api =
        closing(
                new Signer()
                    .baseUrl(server.url("/").toString())
                    .apiKey(SECRET)
                    .timeSource(time)
                    .build())
            .create(Api.class);

    api.readItem("1").get();
    time.advance(Duration.ofMinutes(7));
    api.readItem("1").get();
    time.advance(Duration.ofMinutes(2));
    api.readItem("1").get();
    time.advance(Duration.ofSeconds(1));
    api.readItem("1").get();

    assertThat(authorization(next())).isEqualTo("Bearer signed-" + start);
    assertThat(authorization(next())).isEqualTo("Bearer signed-" + start);
    assertThat(authorization(next())).isEqualTo("Bearer signed-" + (start + 540));
    assertThat(authorization(next())).isEqualTo("Bearer signed-" + (start + 540));
    assertThat(authorization(next())).isEqualTo("Bearer signed-" + (start + 541));
    assertThat(requests()).isEqualTo(5);
  }

  private ProviderHttp http() {
    return closing(
        new Builder()
            .baseUrl(server.url("/").toString())
            .apiKey(SECRET)
            .timeSource(time)
            .maxAttempts(3)
            .build());
  }

  private static MockResponse token(String text) {
    return json("{\"access_token\":\"" + text + "\"}");
  }

  private RecordedRequest next() throws InterruptedException {
    return server.takeRequest();
  }

  private static String authorization(RecordedRequest request) {
    return String.valueOf(request.getHeaders().get("Authorization"));
  }

  @Test
  void theTokenIsRequestedOnceWithIdAndSecret_andCarriedByEachRequest() throws Exception {
    enqueue(token("t-1"), item(), item());
    Api api = http().create(Api.class);

    api.readItem("1").get();
    api.readItem("2").get();

    RecordedRequest first = next();
    assertThat(first.getUrl().encodedPath()).isEqualTo("/token");
    byte[] both = Base64.getDecoder().decode(authorization(first).substring("Basic ".length()));
    assertThat(new String(both, StandardCharsets.UTF_8))
        .isEqualTo("my+client:s3cret%2Fof%2Bclient");
    assertThat(authorization(next())).isEqualTo("Bearer t-1");
    assertThat(authorization(next())).isEqualTo("Bearer t-1");
  }

  @Test
  void theTokenIsRenewedBeforeItExpires() throws Exception {
    enqueue(token("t-1"), item(), item(), token("t-2"), item());
    Api api = http().create(Api.class);

    api.readItem("1").get();
    time.advance(Duration.ofSeconds(47));
    api.readItem("1").get();
    time.advance(Duration.ofSeconds(2));
    api.readItem("1").get();

    for (int i = 0; i < 4; i++) {
      next();
    }
    assertThat(authorization(next())).isEqualTo("Bearer t-2");
    assertThat(requests()).isEqualTo(5);
  }

  @Test
  void aRefusedTokenIsRenewedOnce_forASendToo() throws Exception {
    enqueue(token("t-1"), status(401).build(), token("t-2"), status(202).build());
    Api api = http().create(Api.class);

    assertThat(api.resendItem("1").once()).isInstanceOf(Sent.Answered.class);

    assertThat(requests()).isEqualTo(4);

    enqueue(status(401).build(), token("t-3"), status(401).build());
    assertThat(api.resendItem("1").once()).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isEqualTo(7);
  }

  @Test
  void aTokenRequestThatFailsAndMayPass_isRepeatedAsTheReadIs_andTheSendWasNotSent() {
    enqueue(status(503).build(), token("t-1"), item());
    assertThat(http().create(Api.class).readItem("1").get().id()).isEqualTo("1");
    assertThat(requests()).isEqualTo(3);

    enqueue(status(503).build(), status(503).build(), status(503).build());
    assertThat(http().create(Api.class).resendItem("1").once()).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isEqualTo(6);
  }

  @Test
  void aTokenRequestThatIsRefused_isToldWithoutTheSecret() {
    String both = Base64.getEncoder().encodeToString("my+client:s3cret%2Fof%2Bclient".getBytes());
    enqueue(status(401).body("{\"error\":\"no " + both + " of " + SECRET + "\"}").build());

    assertThatThrownBy(() -> http().create(Api.class).readItem("1").get())
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("request token")
        .hasMessageContaining("no **** of ****")
        .satisfies(
            e ->
                assertThat(Throwables.getStackTrace(e))
                    .doesNotContain(both)
                    .doesNotContain(SECRET));
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void aTokenRequestThatHitsALimit_saysHowLongToWait() {
    enqueue(status(429).addHeader("Retry-After", "900").build());

    assertThatThrownBy(() -> http().create(Api.class).readItem("1").get())
        .isInstanceOfSatisfying(
            RateLimitedException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofMinutes(15)));
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void aTokenRequestWithoutAnAnswer_isANetworkFailureOfEachTry() {
    for (int i = 0; i < 3; i++) {
      enqueue(new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
    }

    assertThatThrownBy(() -> http().create(Api.class).readItem("1").get())
        .isInstanceOf(NetworkException.class);
    assertThat(requests()).isEqualTo(3);
  }

  @Test
  void severalThreadsThatNeedATokenWaitForTheSameRequest() throws Exception {
    enqueue(token("t-1"));
    for (int i = 0; i < 4; i++) {
      enqueue(item());
    }
    Api api = http().create(Api.class);
    var pool = Executors.newFixedThreadPool(4);
    closing(pool::shutdownNow);
    var together = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      var unused =
          pool.submit(
              () -> {
                together.countDown();
                together.await();
                return api.readItem("1").get();
              });
    }
    pool.shutdown();

    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(requests()).isEqualTo(5);
  }

  @Test
  void aClosedClientRequestsNoToken() {
    ProviderHttp http = http();
    http.close();

    assertThat(http.create(Api.class).resendItem("1").once()).isInstanceOf(Sent.NotSent.class);
    assertThat(requests()).isZero();
  }

  @Test
  void aTokenShowsItsLifetimeOnly() {
    assertThat(new Token("t-1", Duration.ofSeconds(60))).hasToString("Token[****, PT1M]");
  }
}
