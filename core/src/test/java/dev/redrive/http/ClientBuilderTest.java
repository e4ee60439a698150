package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.InvalidConfigurationException;
import java.time.Duration;
import java.util.Set;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientBuilderTest {
  private static TestClient.Builder valid() {
    return new TestClient.Builder().baseUrl("https://api.example.com").apiKey(TestClient.KEY);
  }

  @Test
  void build_whenAllIsWrong_listsEveryProblemWithItsCure() {
    InvalidConfigurationException e =
        failure(
            new TestClient.Builder()
                .baseUrl("http://user:hunter2@api.example.com/v1?token=hunter2#f")
                .apiKey("has white space")
                .webhookId("no-uuid")
                .region("two words")
                .account(" ")
                .requestTimeout(Duration.ZERO)
                .deadline(Duration.ofSeconds(-1))
                .maxRetryAfter(Duration.ofSeconds(-1))
                .settleTime(Duration.ofSeconds(-1))
                .maxAttempts(0)
                .concurrency(0)
                .maxResponseBytes(0));

    assertThat(e.problems()).hasSize(14);
    assertThat(e.problems())
        .anyMatch(p -> p.startsWith("apiKey contains white space"))
        .anyMatch(p -> p.startsWith("webhookId is not a UUID"))
        .anyMatch(p -> p.startsWith("x-region contains white space"))
        .anyMatch(p -> p.startsWith("the base URL is plain http to api.example.com"))
        .anyMatch(p -> p.startsWith("the base URL contains a user or password"))
        .anyMatch(p -> p.startsWith("the base URL contains a query or fragment"))
        .anyMatch(p -> p.startsWith("account is blank"))
        .anyMatch(p -> p.startsWith("requestTimeout is PT0S"))
        .anyMatch(p -> p.startsWith("deadline is PT-1S"))
        .anyMatch(p -> p.startsWith("maxRetryAfter is negative"))
        .anyMatch(p -> p.startsWith("settleTime is shorter than requestTimeout"))
        .anyMatch(p -> p.startsWith("maxAttempts is 0"))
        .anyMatch(p -> p.startsWith("concurrency is 0"))
        .anyMatch(p -> p.startsWith("maxResponseBytes is 0"));
    assertThat(e.getMessage())
        .startsWith("Test Provider client is not configured correctly: ")
        .contains(e.problems())
        .doesNotContain("hunter2", "has white space", "two words", "no-uuid");
  }

  @Test
  void build_whenNothingIsSet_asksForKeyAndUrl() {
    assertThat(failure(new TestClient.Builder()).problems())
        .containsExactly(
            "no API key: set apiKey", "no base URL: set baseUrl, Test Provider has no default");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " key",
        "key ",
        "ke y",
        "key\n",
        "key\r\nX-Other: 1",
        "key\t",
        "k\u00e9y",
        "key\u0000",
        "\u200bkey",
        "key\u00a0"
      })
  void build_whenTheKeyFitsIntoNoHeader_refusesWithoutShowingIt(String key) {
    InvalidConfigurationException e = failure(valid().apiKey(key));

    assertThat(e.problems()).singleElement().asString().startsWith("apiKey contains white space");
    assertThat(e.getMessage()).doesNotContain(key);
  }

  @Test
  void build_whenTheKeyIsEmpty_asksForOne() {
    assertThat(failure(valid().apiKey("")).problems()).containsExactly("no API key: set apiKey");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://128.0.0.1",
        "http://[::2]",
        "http://0.0.0.0",
        "http://1270.0.0.1"
      })
  void build_whenPlainHttpLeavesTheMachine_refuses(String url) {
    assertThat(failure(valid().baseUrl(url)).problems())
        .singleElement()
        .asString()
        .contains("plain http")
        .contains("use https");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com",
        "HTTPS://API.example.com/",
        "http://localhost:8080/x",
        "http://127.0.0.1",
        "http://127.1.2.3:1",
        "http://[::1]:9"
      })
  void build_whenTheUrlIsSafe_connects(String url) {
    assertThat(closed(valid().baseUrl(url))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com",
        "ftp://api.example.com",
        "https://:80",
        "//x",
        "https://a b",
        "file:///etc/passwd",
        "https://[::1",
        "https://x:99999",
        "javascript:alert(1)"
      })
  void build_whenTheUrlIsMalformed_refusesWithoutShowingIt(String url) {
    InvalidConfigurationException e = failure(valid().baseUrl(url));

    assertThat(e.problems()).singleElement().asString().startsWith("the base URL is malformed");
    assertThat(e.getMessage()).doesNotContain(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://user@x.example", "https://user:pw@x.example", "https://:pw@x.de"})
  void build_whenTheUrlHoldsAUser_refusesWithoutShowingIt(String url) {
    InvalidConfigurationException e = failure(valid().baseUrl(url));

    assertThat(e.problems()).singleElement().asString().contains("user or password");
    assertThat(e.getMessage()).doesNotContain("pw");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "b2c3d4e5-f6a7-8901-bcde-f2345678901",
        "b2c3d4e5-f6a7-8901-bcde-f234567890123",
        "b2c3d4e5f6a78901bcdef23456789012",
        "g2c3d4e5-f6a7-8901-bcde-f23456789012",
        "b2c3d4e-5f6a7-8901-bcde-f23456789012",
        "b2c3d4e5-f6a7-8901-bcde-f2345678901\n",
        "+2c3d4e5-f6a7-8901-bcde-f23456789012"
      })
  void isUuid_whenItIsNone_isFalse(String value) {
    assertThat(ClientBuilder.isUuid(value)).isFalse();
    assertThat(failure(valid().webhookId(value)).problems()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"b2c3d4e5-f6a7-8901-bcde-f23456789012", "B2C3D4E5-F6A7-8901-BCDE-F23456789012"})
  void isUuid_whenItIsOne_isTrue(String value) {
    assertThat(ClientBuilder.isUuid(value)).isTrue();
    assertThat(closed(valid().webhookId(value))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com/v1, api.example.com",
    "https://api.example.com:443, api.example.com",
    "https://api.example.com:8443/, api.example.com:8443",
    "http://localhost:80, localhost",
    "http://127.0.0.1:9, 127.0.0.1:9"
  })
  void account_isTheAuthorityUnlessNamed(String url, String account) {
    assertThat(closed(valid().baseUrl(url)).http.account()).isEqualTo(account);
    assertThat(closed(valid().baseUrl(url).account("prod")).http.account()).isEqualTo("prod");
    assertThat(closed(valid().baseUrl(url)).http.key("7")).hasToString("test:" + account + ":7");
  }

  @Test
  void build_whenAProblemIsFixed_buildsTheNextTime() {
    TestClient.Builder builder = valid().maxAttempts(0);
    assertThatThrownBy(builder::build).isInstanceOf(InvalidConfigurationException.class);

    assertThat(closed(builder.maxAttempts(1))).isNotNull();
  }

  @Test
  void build_whenAHeaderIsCleared_sendsItNoMore() {
    TestClient.Builder builder = valid().region("eu");
    assertThat(headers(builder)).containsExactlyInAnyOrder("x-api-key", "x-region");

    assertThat(headers(builder.region(null))).containsExactly("x-api-key");
    assertThat(headers(builder.region(""))).containsExactly("x-api-key");
  }

  @Test
  void build_whenAProblemWithAHeaderIsFixed_buildsTheNextTime() {
    TestClient.Builder builder = valid().region("two words");
    assertThat(failure(builder).problems()).hasSize(1);

    assertThat(headers(builder.region("eu"))).hasSize(2);
  }

  @Test
  void build_whenSettingsAreNull_namesEach() {
    assertThat(
            failure(
                    valid()
                        .requestTimeout(null)
                        .deadline(null)
                        .maxRetryAfter(null)
                        .settleTime(null)
                        .timeSource(null))
                .problems())
        .containsExactly(
            "requestTimeout is null: leave it out to use the default",
            "deadline is null: leave it out to use the default",
            "maxRetryAfter is null: leave it out to use the default",
            "settleTime is null: leave it out to use the default",
            "timeSource is null: leave it out to use the default");
  }

  @Test
  void build_whenDurationsAreTooLongToCount_namesEach() {
    Duration tooLong = Duration.ofDays(200_000);

    assertThat(
            failure(
                    valid()
                        .requestTimeout(tooLong)
                        .deadline(tooLong)
                        .maxRetryAfter(tooLong)
                        .settleTime(tooLong))
                .problems())
        .containsExactly(
            "requestTimeout is PT4800000H: it must be at most 365 days",
            "deadline is PT4800000H: it must be at most 365 days",
            "maxRetryAfter is PT4800000H: it must be at most 365 days",
            "settleTime is PT4800000H: it must be at most 365 days");
  }

  @Test
  void place_isPartOfTheAccountAndOfEveryPath() {
    TestClient.Builder builder = valid().baseUrl("https://api.example.com/v3").at("repos/o/r");

    ProviderHttp http = closed(builder).http;

    assertThat(http.account()).isEqualTo("api.example.com/repos/o/r");
    assertThat(closed(builder.account("site")).http.account()).isEqualTo("site");
    assertThat(new Place("repos/o/r", "o/r").url(HttpUrl.get("https://h:8443/v3/")))
        .hasToString("https://h:8443/v3/repos/o/r/");
  }

  @Test
  void build_whenOptionalSettingsAreClearedAgain_takesTheDefaults() {
    TestClient.Builder builder =
        valid().account("prod").webhookId("b2c3d4e5-f6a7-8901-bcde-f23456789012");

    assertThat(closed(builder.account(null).webhookId(null).okHttpClient(null)).http.account())
        .isEqualTo("api.example.com");
  }

  private static Set<String> headers(TestClient.Builder builder) {
    return closed(builder).http.headerNames();
  }

  private static TestClient closed(TestClient.Builder builder) {
    try (TestClient client = builder.build()) {
      return client;
    }
  }

  private static InvalidConfigurationException failure(TestClient.Builder builder) {
    return catchThrowableOfType(InvalidConfigurationException.class, builder::build);
  }
}
