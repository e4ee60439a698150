package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.redrive.AuthenticationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.RedriveException;
import mockwebserver3.MockResponse;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorMessageTest extends HttpTest {
  @Test
  void message_saysProviderOperationStatusCodeMessageRequestAndCure() {
    RedriveException e =
        failure(
            status(422)
                .addHeader("X-Request-Id", "req-17")
                .body("{\"message\":\"limit is too large\",\"code\":\"E42\"}")
                .build());

    assertThat(e)
        .hasMessage(
            "Test Provider: read item failed with HTTP 422, code E42: limit is too large"
                + " (request req-17). Fix the request or the settings that the message names."
                + " The same request would fail again.");
    assertThat(e.summary())
        .isEqualTo(
            "Test Provider: read item failed with HTTP 422, code E42: limit is too large"
                + " (request req-17)");
    assertThat(e.call().httpStatus()).isEqualTo(422);
    assertThat(e.call().code()).isEqualTo("E42");
    assertThat(e.call().requestId()).isEqualTo("req-17");
    assertThat(e.call()).hasToString(e.summary());
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void message_whenTheProviderCorrelatesByAnotherHeader_namesThat() {
    assertThat(failure(status(400).addHeader("X-Correlation-Id", "cor-3").build()))
        .hasMessageContaining("(request cor-3)");
  }

  @Test
  void message_whenTheProviderSaysNothing_saysWhatIsKnown() {
    assertThat(failure(status(404).build()).summary())
        .isEqualTo("Test Provider: read item failed with HTTP 404");
  }

  @Test
  void message_isCleanedOfWhatATerminalOrLogWouldObey() {
    RedriveException e =
        failure(
            status(400)
                .body(
                    "{\"message\":\"a\\u001b[31mred\\u0007\\r\\nGET /x\\u202Egnp.\\u2028b\\u0000"
                        + "\\u200b\\uFEFF\\u009b2Jc\\t d\",\"code\":\"\\u001b]0;x\\u0007\"}")
                .build());

    assertThat(e.summary())
        .isEqualTo(
            "Test Provider: read item failed with HTTP 400, code ]0;x:"
                + " a [31mred GET /x gnp. b 2Jc d");
    assertThat(e.getMessage().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
  }

  @Test
  void message_isCutWhereTheProviderTalksOn() {
    RedriveException e =
        failure(status(400).body("{\"message\":\"" + "long ".repeat(500) + "\"}").build());

    assertThat(e.summary()).hasSizeLessThan(280).endsWith("…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html><body>planted</body></html>",
        "planted",
        "[\"planted\"]",
        "{\"message\":{\"planted\":1}}",
        "{\"message\":[\"planted\"]}",
        "\"planted\"",
        "{\"message\":\"planted"
      })
  void message_whenTheErrorIsNotOfTheApi_doesNotQuoteIt(String body) {
    RedriveException e = failure(status(400).body(body).build());

    assertThat(Throwables.getStackTrace(e)).doesNotContain("planted");
    assertThat(e.summary()).isEqualTo("Test Provider: read item failed with HTTP 400");
  }

  @Test
  void message_whenTheProviderQuotesTheKey_masksIt() {
    RedriveException e =
        failure(
            status(401)
                .addHeader("X-Request-Id", TestClient.KEY)
                .body(
                    "{\"message\":\"no such key: "
                        + TestClient.KEY
                        + "\",\"code\":\""
                        + TestClient.KEY
                        + "\"}")
                .build());

    assertThat(Throwables.getStackTrace(e))
        .doesNotContain(TestClient.KEY)
        .contains("no such key: ****");
    assertThat(e.call().message()).isEqualTo("no such key: ****");
    assertThat(e.call().code()).isEqualTo("****");
    assertThat(e.call().requestId()).isEqualTo("****");
  }

  @Test
  void message_whenTheAnswerIsMalformed_saysWhereAndQuotesNothing() {
    RedriveException e = failure(json("{\"id\":\"planted\" planted}"));

    assertThat(e).hasMessageContaining("is not the JSON that this API returns, at byte ");
    assertThat(e.summary()).startsWith("Test Provider: read item failed with HTTP 200: ");
    assertThat(Throwables.getStackTrace(e)).doesNotContain("planted");
  }

  @Test
  void message_whenTheAnswerIsMalformedOrTooLarge_keepsStatusAndRequestId() {
    String large = "x".repeat(100_000);
    for (int status : new int[] {200, 401, 422}) {
      for (String body : new String[] {"<html>Sign in</html>", large}) {
        enqueue(status(status).addHeader("X-Request-Id", "req-17").body(body).build());
        RedriveException e =
            catchThrowableOfType(
                RedriveException.class, () -> client(s -> s.maxResponseBytes(50_000)).read("1"));

        assertThat(e.call().httpStatus()).isEqualTo(status);
        assertThat(e.call().requestId()).isEqualTo("req-17");
        assertThat(e)
            .isInstanceOf(
                status == 200 || body.equals(large)
                    ? MalformedResponseException.class
                    : status == 401
                        ? AuthenticationException.class
                        : InvalidRequestException.class);
      }
    }
  }

  @Test
  void message_whenTheCutFallsIntoASurrogatePair_keepsCharactersWhole() {
    for (int i = 190; i < 205; i++) {
      RedriveException e =
          failure(status(400).body("{\"message\":\"" + "x".repeat(i) + "😀😀😀\"}").build());

      String message = e.summary();
      for (int at = 0; at < message.length(); at++) {
        if (Character.isHighSurrogate(message.charAt(at))) {
          assertThat(Character.isLowSurrogate(message.charAt(at + 1))).isTrue();
          at++;
        } else {
          assertThat(Character.isLowSurrogate(message.charAt(at))).isFalse();
        }
      }
    }
  }

  private RedriveException failure(MockResponse response) {
    enqueue(response);
    return catchThrowableOfType(RedriveException.class, () -> client().read("1"));
  }
}
