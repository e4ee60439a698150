package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Api.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeKeycloakTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String REALM = "/realms/shop";

  private final MutableClock clock = MutableClock.at(NOW);
  private final FakeKeycloak fake = FakeKeycloak.builder().clock(clock).webhooks(1).start();
  private final Api api = Api.bearer(fake);

  @AfterEach
  void stop() {
    fake.close();
  }

  private String sends() {
    return REALM + "/webhooks/" + fake.webhookIds().get(0) + "/sends";
  }

  private JsonNode read(String id) {
    return api.get(sends() + "/" + id).json();
  }

  private Reply resend(String id) {
    return api.post(sends() + "/" + id + "/resend");
  }

  private HttpResponse<String> requestToken(String secret) throws Exception {
    String both =
        Base64.getEncoder().encodeToString(("redrive:" + secret).getBytes(StandardCharsets.UTF_8));
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create(fake.baseUrl() + REALM + "/protocol/openid-connect/token"))
                .header("Authorization", "Basic " + both)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void a_token_lasts_a_minute_and_says_when_it_was_issued() throws Exception {
    HttpResponse<String> response = requestToken(fake.apiKey());
    JsonNode answer = Answer.MAPPER.readTree(response.body());
    String token = answer.get("access_token").asText();
    JsonNode claims = Answer.MAPPER.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    Api with = Api.bearer(fake, token);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(answer.get("expires_in").asInt()).isEqualTo(60);
    assertThat(claims.get("iat").asLong()).isEqualTo(NOW.getEpochSecond());
    assertThat(with.get(sends()).status()).isEqualTo(200);
    clock.advance(Duration.ofSeconds(60));
    assertThat(with.get(sends()).status()).isEqualTo(401);
    assertThat(with.get(sends()).body()).isEqualTo("{\"error\":\"HTTP 401 Unauthorized\"}");
  }

  @Test
  void a_wrong_secret_gets_no_token() throws Exception {
    HttpResponse<String> response = requestToken("wrong");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body())
        .isEqualTo(
            "{\"error\":\"unauthorized_client\",\"error_description\":\"Invalid client or Invalid"
                + " client credentials\"}");
  }

  @Test
  void sends_come_newest_first_in_pages_of_at_most_100_without_payload() {
    fake.failures(150);
    fake.successes(50);
    List<Long> times = new ArrayList<>();
    for (int first = 0; first < 200; first += 100) {
      JsonNode page = api.get(sends() + "?first=" + first + "&max=1000").json();
      assertThat(page.size()).isEqualTo(100);
      page.forEach(row -> times.add(row.get("sent_at").asLong()));
      assertThat(page.get(0).has("payload")).isFalse();
    }

    assertThat(times).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(api.get(sends() + "?first=200&max=100").body()).isEqualTo("[]");
  }

  @Test
  void a_resend_is_answered_202_without_a_body_and_overwrites_the_record() {
    String id = fake.failures(1).get(0);
    JsonNode before = read(id);
    clock.advance(Duration.ofMinutes(1));

    Reply reply = resend(id);

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.header("Content-Type")).isEqualTo("text/plain");
    JsonNode after = read(id);
    assertThat(after.get("id")).isEqualTo(before.get("id"));
    assertThat(after.get("status").asInt()).isEqualTo(200);
    assertThat(after.get("retries").asInt()).isEqualTo(before.get("retries").asInt() + 1);
    assertThat(after.get("sent_at").asLong()).isEqualTo(clock.instant().toEpochMilli());
    assertThat(api.get(sends()).json().size()).isEqualTo(1);
    assertThat(after.get("payload").asText()).contains("\"uid\":\"\"");
  }

  @Test
  void a_delivered_send_is_resent_too() {
    String id = fake.successes(1).get(0);

    assertThat(resend(id).status()).isEqualTo(202);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).containsExactly(id);
  }

  @Test
  void a_failure_with_an_answer_is_tried_again_for_15_minutes() {
    fake.endpoint().down(503);
    String id = fake.traffic(1).get(0);

    List<Integer> attempts = new ArrayList<>();
    for (Duration step :
        List.of(
            Duration.ZERO,
            Duration.ofMillis(500),
            Duration.ofMillis(2500),
            Duration.ofMillis(12_500),
            Duration.ofMillis(62_500),
            Duration.ofMinutes(3),
            Duration.ofMinutes(30))) {
      clock.advance(step);
      attempts.add(read(id).get("retries").asInt());
    }

    assertThat(attempts).containsExactly(1, 2, 3, 4, 5, 6, 10);
    assertThat(read(id).get("status_message").asText()).isEqualTo("HTTP 503 Service Unavailable");
  }

  @Test
  void a_success_ends_the_attempts() {
    fake.endpoint().down(503);
    String id = fake.traffic(1).get(0);
    fake.endpoint().up();
    clock.advance(Duration.ofHours(1));

    assertThat(read(id).get("status").asInt()).isEqualTo(200);
    assertThat(fake.endpoint().attempts(id)).isEqualTo(2);
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  @Test
  void an_attempt_without_an_answer_is_neither_recorded_nor_repeated() {
    fake.endpoint().down();
    String id = fake.traffic(1).get(0);
    clock.advance(Duration.ofHours(1));

    assertThat(fake.endpoint().attempts(id)).isEqualTo(1);
    assertThat(fake.recordedAttempts(id)).isZero();
    assertThat(api.get(sends()).body()).isEqualTo("[]");
    assertThat(resend(id).status()).isEqualTo(404);

    String failed = fake.failures(1).get(0);
    String before = read(failed).toString();
    resend(failed);
    assertThat(read(failed).toString()).isEqualTo(before);
    assertThat(fake.endpoint().resends(failed)).isEqualTo(1);
  }

  @Test
  void what_is_not_there_is_answered_404_in_the_extensions_words() {
    String webhook = fake.webhookIds().get(0);
    assertThat(api.get(sends() + "/nosuch").body())
        .isEqualTo("{\"error\":\"no webhook send with id nosuch\"}");
    assertThat(api.get(REALM + "/webhooks/nosuch/sends").body())
        .isEqualTo("{\"error\":\"no webhook with id nosuch\"}");
    assertThat(api.get("/realms/other/webhooks").body())
        .isEqualTo("{\"error\":\"Realm does not exist\"}");
    assertThat(api.get(REALM + "/webhooks").json().get(0).get("id").asText()).isEqualTo(webhook);
  }

  @Test
  void what_failed_is_attempted_once_more_when_the_fake_is_told_to_settle() {
    fake.endpoint().down(503);
    String id = fake.traffic(1).get(0);

    fake.settle();
    assertThat(fake.endpoint().attempts(id)).isEqualTo(2);
    fake.endpoint().up();
    fake.settle();
    fake.settle();

    assertThat(fake.endpoint().attempts(id)).isEqualTo(3);
    assertThat(fake.recordedAttempts(id)).isEqualTo(3);
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  @Test
  void what_is_still_tried_is_delivered_when_the_fake_is_told_to() {
    String id = fake.stillTrying(1).get(0);
    assertThat(read(id).get("status").asInt()).isEqualTo(503);

    fake.finishTrying();

    assertThat(read(id).get("status").asInt()).isEqualTo(200);
    clock.advance(Duration.ofHours(1));
    assertThat(fake.endpoint().attempts(id)).isEqualTo(6);
  }
}
