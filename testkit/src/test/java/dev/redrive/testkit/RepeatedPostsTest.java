package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One retry at ONLYOFFICE is up to six POSTs. */
class RepeatedPostsTest {
  private static final String SETTINGS = "/api/2.0/settings/";

  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private FakeOnlyOffice fake;
  private Api api;
  private String id;

  @BeforeEach
  void start() {
    fake = FakeOnlyOffice.builder().clock(clock).limits(false).repeatsPosts(true).start();
    api = Api.bearer(fake);
    id = fake.delivery().status(503).add();
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private String retry() {
    return api.put(SETTINGS + "webhook/" + id + "/retry").at("/response/id").asText();
  }

  private JsonNode log(String logId) {
    return api.get(SETTINGS + "webhooks/log?eventId=" + logId).at("/response/0");
  }

  private static JsonNode webhookIn(JsonNode log) throws JsonProcessingException {
    return new ObjectMapper().readTree(log.path("requestPayload").asText()).path("webhook");
  }

  @Test
  void retry_that_fails_shows_after_31_seconds_and_six_posts() throws Exception {
    fake.endpoint().down(500);
    int before = fake.endpoint().attempts(id);
    String retried = retry();

    for (int second = 0; second < 31; second++) {
      JsonNode log = log(retried);
      assertThat(log.path("status").asInt()).isZero();
      assertThat(log.has("responsePayload")).isFalse();
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(log(retried).path("status").asInt()).isEqualTo(500);
    assertThat(fake.endpoint().attempts(id) - before).isEqualTo(6);
    assertThat(fake.endpoint().resends(id)).isEqualTo(1);
    JsonNode webhook = webhookIn(log(retried));
    assertThat(webhook.path("retryCount").asInt()).isEqualTo(5);
    assertThat(webhook.path("retryOn").asText()).startsWith("2026-03-01T12:00:31");
    assertThat(webhook.path("lastFailureOn").asText()).startsWith("2026-03-01T12:00:15");
  }

  @Test
  void posts_are_made_after_1_3_7_15_and_31_seconds() {
    fake.endpoint().down(500);
    int before = fake.endpoint().attempts(id);
    retry();

    int[] seconds = {0, 1, 3, 7, 15, 31};
    int now = 0;
    for (int post = 0; post < seconds.length; post++) {
      clock.advance(Duration.ofSeconds(seconds[post] - now));
      now = seconds[post];
      assertThat(fake.endpoint().attempts(id) - before).isEqualTo(post + 1);
    }
  }

  @Test
  void endpoint_that_comes_back_meanwhile_gets_it_with_the_next_post() throws Exception {
    fake.endpoint().down();
    String retried = retry();
    clock.advance(Duration.ofSeconds(4));
    fake.endpoint().up();
    clock.advance(Duration.ofSeconds(4));

    assertThat(log(retried).path("status").asInt()).isEqualTo(200);
    assertThat(log(retried).path("delivery").asText()).startsWith("2026-03-01T12:00:07");
    assertThat(webhookIn(log(retried)).path("retryCount").asInt()).isEqualTo(3);
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  @Test
  void post_that_succeeds_is_the_only_one() {
    int before = fake.endpoint().attempts(id);
    retry();
    clock.advance(Duration.ofMinutes(1));
    assertThat(fake.endpoint().attempts(id) - before).isEqualTo(1);
  }

  @Test
  void seeded_failure_has_had_its_posts() throws Exception {
    assertThat(fake.endpoint().attempts(id)).isEqualTo(6);
    assertThat(fake.endpoint().resends(id)).isZero();
    assertThat(webhookIn(log(id)).path("retryCount").asInt()).isEqualTo(5);
  }

  @Test
  void endpoint_that_answers_410_loses_its_subscription_only_with_the_sixth_post() {
    fake.endpoint().down(410);
    retry();
    clock.advance(Duration.ofSeconds(30));
    assertThat(fake.endpoint().attempts(id)).isEqualTo(11);
    assertThat(api.get(SETTINGS + "webhook").at("/response").size()).isEqualTo(3);
    clock.advance(Duration.ofSeconds(1));
    assertThat(fake.endpoint().attempts(id)).isEqualTo(12);
    assertThat(api.get(SETTINGS + "webhook").at("/response").size()).isEqualTo(2);
  }
}
