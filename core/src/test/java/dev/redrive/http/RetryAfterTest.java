package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.RateLimitedException;
import java.time.Duration;
import java.time.Instant;
import mockwebserver3.MockResponse;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retrofit2.http.POST;
import retrofit2.http.PUT;

class RetryAfterTest extends HttpTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  interface Limited {
    @DocumentedLimit(calls = 5, seconds = 900)
    @DocumentedLimit(calls = 1500, seconds = 60)
    @PUT("retry")
    Send<TestClient.Done> retryAll();

    @POST("other")
    Send<TestClient.Done> retryOther();
  }

  @ParameterizedTest
  @CsvSource({
    "299.997, 299997",
    "'0,120', 120000",
    "'120, 120', 120000",
    "'120,0', 120000",
    "120s, 120000",
    "120 seconds, 120000",
    "2m, 120000",
    "1.5 min, 90000",
    "1h, 3600000",
    "500ms, 500",
    ".5, 500",
    "0.0001, 1",
    "\"120\", 120000",
    "2026-03-01T12:02:00Z, 120000",
    "2026-03-01T12:02:00.500Z, 120500",
    "2026-03-01T14:02:00+02:00, 120000",
    "2026-03-01T14:02:00+0200, 120000",
    "2026-03-01 12:02:00, 120000",
    "'Sun, 01 Mar 2026 12:02:00 GMT', 120000",
    "'Mon, 01 Mar 2026 12:02:00 GMT', 120000",
    "'sun, 1 mar 2026 12:02:00 gmt', 120000",
    "'Sunday, 01-Mar-26 12:02:00 GMT', 120000",
    "'Sun, 01-Mar-2026 12:02:00 UTC', 120000",
    "'Sunday, 06-Nov-94 08:49:37 GMT', 0",
    "Sun Mar  1 12:02:00 2026, 120000",
    "'Sun, 01 Mar 2026 12:02:00 GMT, Sun, 01 Mar 2026 12:04:00 GMT', 240000",
    "'soon, 120', 120000",
    "1772366520, 120000",
    "1772366520000, 120000",
    "1772366000, 0"
  })
  void parse_whateverTheSpelling_isHowLongToWait(String value, long millis) {
    assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "X-RateLimit-Reset, 120",
    "RateLimit-Reset, 120",
    "x-ratelimit-reset, 1772366520",
    "X-RateLimit-Reset, 1772366520000",
    "X-RateLimit-Reset, 2026-03-01T12:02:00Z",
    "X-Rate-Limit-Reset, 120s",
    "X-RateLimit-Reset-After, 120.0",
    "retry-after-ms, 120000"
  })
  void of_whenAnotherHeaderTells_readsThat(String name, String value) {
    assertThat(RetryAfter.of(429, Headers.of(name, value), NOW)).isEqualTo(Duration.ofMinutes(2));
  }

  @ParameterizedTest
  @CsvSource({"200,", "500,", "503,", "503,7", "429,7"})
  void of_whenTheResetIsNotWhyItFailed_doesNotCountIt(int status, @Nullable String remaining) {
    var headers = new Headers.Builder().add("X-RateLimit-Reset", "3000");
    if (remaining != null) {
      headers.add("X-RateLimit-Remaining", remaining);
    }

    assertThat(RetryAfter.of(status, headers.build(), NOW)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 503})
  void of_whenTheLimitIsUsedUp_countsTheReset(int status) {
    Headers headers = Headers.of("X-RateLimit-Reset", "30", "X-RateLimit-Remaining", "0");

    assertThat(RetryAfter.of(status, headers, NOW)).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @CsvSource({
    "Retry-After, 299.997",
    "Retry-After, '0,300'",
    "Retry-After, 300s",
    "Retry-After, 2026-03-01T12:05:00Z",
    "Retry-After, 'Sunday, 01-Mar-26 12:05:00 GMT'",
    "Retry-After, Sun Mar  1 12:05:00 2026",
    "Retry-After-Ms, 300000",
    "X-RateLimit-Reset, 300",
    "RateLimit-Reset, 300"
  })
  void send_whenAskedToWaitLong_goesOutOnceAndTellsHowLong(String name, String value) {
    enqueue(status(429).addHeader(name, value).build(), done());

    RateLimitedException error = refused(client().send("1"));

    assertThat(error.retryAfter()).isBetween(Duration.ofMillis(299_997), Duration.ofMinutes(5));
    assertThat(error.waitReason()).isEqualTo("the provider asked for it (429)");
    assertThat(requests()).isEqualTo(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void send_whenAskedToWaitTwice_waitsTheLonger() {
    enqueue(
        status(429).addHeader("Retry-After", "1").addHeader("Retry-After", "20").build(), done());

    assertThat(client().send("1")).isInstanceOf(Sent.Answered.class);
    assertThat(time.slept()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
  }

  @Test
  void read_whenAskedNotToWait_backsOffAllTheSame() {
    TestClient client = client();
    for (int i = 0; i < 20; i++) {
      for (int n = 0; n < 5; n++) {
        enqueue(status(429).addHeader("Retry-After", "0").build());
      }
      assertThat(catchThrowableOfType(RateLimitedException.class, () -> client.read("1")))
          .isNotNull();
    }

    // Without a hint the mean is 1.9 s for four waits; a tenth of it were 0.19 s.
    assertThat(time.slept()).isGreaterThan(Duration.ofSeconds(20));
  }

  @Test
  void send_whenA429HasNoHint_goesOutOnceAndTellsTheDocumentedWindow() {
    enqueue(status(429).addHeader("X-RateLimit-Remaining", "0").build(), done());

    RateLimitedException error = refused(limited().retryAll().once());

    assertThat(error.retryAfter()).isEqualTo(Duration.ofMinutes(15));
    assertThat(error.waitReason())
        .isEqualTo(
            "the provider returned 429 and did not say how long to wait;"
                + " its documented limit is 5 calls per 15 min");
    assertThat(error)
        .hasMessage(
            "Test Provider: retry all failed with HTTP 429: "
                + error.waitReason()
                + ". Try again in 900 s.");
    assertThat(requests()).isEqualTo(1);
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void send_whenA429NamesItsLimit_tellsTheWindowOfThatOne() {
    enqueue(status(429).addHeader("X-RateLimit-Limit", "1500").build());

    RateLimitedException error = refused(limited().retryAll().once());

    assertThat(error.retryAfter()).isEqualTo(Duration.ofMinutes(1));
    assertThat(error).hasMessageContaining("1500 calls per 1 min");
    assertThat(requests()).isEqualTo(1);
  }

  @Test
  void send_whenA429NamesALimitThatIsNotDocumented_backsOff() {
    enqueue(status(429).addHeader("X-RateLimit-Limit", "15").build(), done());

    assertThat(limited().retryAll().once()).isInstanceOf(Sent.Answered.class);
    assertThat(requests()).isEqualTo(2);
  }

  @Test
  void send_whenA429HasAHint_keepsToTheHint() {
    enqueue(status(429).addHeader("Retry-After", "3").build(), done());

    assertThat(limited().retryAll().once()).isInstanceOf(Sent.Answered.class);
    assertThat(time.slept()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4));
  }

  @Test
  void send_whenNothingIsDocumented_backsOffAndSaysThatNothingWasSaid() {
    MockResponse refusal = status(429).build();
    enqueue(refusal, refusal, refusal, refusal, refusal);

    RateLimitedException error = refused(limited().retryOther().once());

    assertThat(error.retryAfter()).isNull();
    assertThat(error.waitReason())
        .isEqualTo("the provider returned 429 and did not say how long to wait");
    assertThat(requests()).isEqualTo(5);
  }

  private Limited limited() {
    return client().http.create(Limited.class);
  }

  private static RateLimitedException refused(Sent<TestClient.Done> sent) {
    assertThat(sent).isInstanceOf(Sent.NotSent.class);
    return (RateLimitedException) ((Sent.NotSent<TestClient.Done>) sent).error();
  }
}
