package dev.redrive.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.JsonText;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Secret;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import mockwebserver3.MockResponse;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;

class SecretsTest extends HttpTest {
  private static final String SIGNATURE = "sha256=planted-signature";
  private static final String PAYLOAD = "planted-payload";

  /** All that goes wrong with a request, at the level that logs the most. */
  @Test
  void logLines_tellWhatHappenedAndHoldNoSecret() {
    String record =
        "{\"id\":\"1\",\"headers\":{\"X-Signature\":\""
            + SIGNATURE
            + "\"},\"text\":\""
            + PAYLOAD
            + "\"}";
    List<MockResponse> answers =
        List.of(
            json(record),
            status(503).addHeader("X-Signature", SIGNATURE).body(record).build(),
            status(429).addHeader("Retry-After", SIGNATURE).body(record).build(),
            status(404).body("{\"message\":\"" + TestClient.KEY + "\"}").build(),
            json(record.substring(0, record.length() - 3)),
            json("[" + record + "]"),
            status(200).body(record).onResponseBody(CLOSE).build(),
            status(302).addHeader("Location", "https://x.example/?" + SIGNATURE).build(),
            status(200).addHeader("X-Long", "x".repeat(300_000)).body(record).build());

    String shown =
        captured(
            () -> {
              TestClient client = client(settings -> settings.maxAttempts(1));
              StringBuilder messages = new StringBuilder();
              for (MockResponse answer : answers) {
                enqueue(answer, answer);
                try {
                  messages.append(client.api.readItem("1").get().json());
                } catch (RedriveException e) {
                  messages.append(Throwables.getStackTrace(e)).append(e.call()).append(e.advice());
                }
                messages.append(client.send("1")).append('\n');
              }
              return messages.append(client.http).append(client.api).toString();
            });

    assertThat(shown)
        .contains("DEBUG")
        .contains("Test Provider: read item returned 503 in ")
        .contains("Test Provider: retry item returned 200 in ")
        .doesNotContain(TestClient.KEY)
        .doesNotContain(SIGNATURE)
        .doesNotContain(PAYLOAD);
  }

  @Test
  void logLines_whenARequestIsSentAgain_sayWhyAndWhen() {
    enqueue(status(503).body("{\"message\":\"later\\u001b[2J\"}").build(), item());

    assertThat(captured(() -> client().read("1").id()))
        .containsPattern(
            "Test Provider: read item failed with HTTP 503: later \\[2J; next attempt in \\d+ ms");
  }

  @Test
  void libraryLogs_nothingAboveDebug() {
    enqueue(status(500).build(), status(401).build());

    String shown =
        captured(
            () -> {
              try {
                return client().read("1").id();
              } catch (RedriveException e) {
                return "";
              }
            });

    assertThat(shown).doesNotContain(" INFO ").doesNotContain(" WARN ").doesNotContain(" ERROR ");
  }

  @Test
  void toStrings_holdNoSecret() {
    WebhookLog log =
        WebhookLog.builder(client().http.key("1\u001b[2J"), DeliveryStatus.FAILED)
            .webhook("w", "name", "https://user:planted@x.example/p?token=planted")
            .event("e", "type\nplain")
            .error("planted")
            .responseBody("planted")
            .json(JsonText.of("{\"planted\":1}"))
            .httpStatus(500)
            .build();
    var delivery = FailedDelivery.of(log);
    var result = RetryResult.accepted(delivery, null, time.now());
    var webhook =
        new Webhook(
            "w",
            "a\u0007name",
            "https://user:planted@x.example/p?token=planted",
            true,
            3L,
            Set.of());

    for (Object shown :
        List.of(
            log,
            delivery,
            result,
            RetryOutcome.of(result, log),
            webhook,
            Secret.of("planted"),
            JsonText.of("planted"),
            new Recorded<>(1, JsonText.of("planted")))) {
      assertThat(shown.toString()).doesNotContain("planted");
      assertThat(shown.toString().chars()).allMatch(c -> c >= ' ');
    }
    assertThat(webhook).hasToString("Webhook[w, a name, https://x.example/p, active, 3 errors]");
    assertThat(Secret.of("planted")).hasToString("****");
    assertThat(JsonText.of("planted")).hasToString("JSON of 7 bytes");
  }

  /** What is logged meanwhile, and what the action returns. */
  private static String captured(Supplier<String> action) {
    PrintStream err = System.err;
    var bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      String returned = action.get();
      return bytes.toString(UTF_8) + returned;
    } finally {
      System.setErr(err);
    }
  }
}
