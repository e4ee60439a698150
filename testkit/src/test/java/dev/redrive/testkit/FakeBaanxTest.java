package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Api.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeBaanxTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String EVENTS = "/v1/webhooks/events";

  private final MutableClock clock = MutableClock.at(NOW);
  private FakeBaanx fake;
  private Api api;
  private String a;
  private String b;
  private String c;

  @BeforeEach
  void start() {
    fake = FakeBaanx.builder().clock(clock).start();
    api = Api.bearer(fake);
    a = fake.webhookIds().get(0);
    b = fake.webhookIds().get(1);
    c = fake.webhookIds().get(2);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private Reply retry(String event) {
    return api.post(EVENTS + "/" + event + "/retry");
  }

  private Reply retry(String event, String webhook) {
    return api.post(EVENTS + "/" + event + "/retry", "{\"webhookId\":\"" + webhook + "\"}");
  }

  private Reply logs(String event) {
    return api.get(EVENTS + "/" + event + "/logs");
  }

  private String status(String event) {
    return api.get(EVENTS + "/" + event + "/status").at("/status").asText();
  }

  private JsonNode newestAttempt(String event, String webhook) {
    JsonNode newest = null;
    for (JsonNode log : logs(event).at("/logs")) {
      if (log.path("webhookId").asText().equals(webhook)
          && (newest == null
              || log.path("attemptNumber").asInt() > newest.path("attemptNumber").asInt())) {
        newest = log;
      }
    }
    return newest;
  }

  @Test
  void key_when_wrong_is_answered_401_with_a_message() {
    Reply reply = api.withKey("Bearer other").get(EVENTS);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.at("/message").asText()).isNotEmpty();
  }

  @Test
  void webhooks_are_a_bare_array() {
    fake.setActive(b, false);
    Reply reply = api.get("/v1/webhooks");
    assertThat(reply.json().isArray()).isTrue();
    assertThat(reply.all("", "id")).containsExactly(a, b, c);
    assertThat(reply.all("", "isActive")).containsExactly("true", "false", "true");
    assertThatThrownBy(() -> FakeBaanx.builder().webhooks(6).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5");
  }

  @Test
  void events_when_more_than_100_failed_show_a_window_and_the_total() {
    fake.failures(400);
    fake.successes(50);
    Reply window = api.get(EVENTS + "?status=failed&limit=100");
    int total = window.at("/total").asInt();
    assertThat(total).isGreaterThan(150);
    assertThat(window.at("/events").size()).isEqualTo(100);
    assertThat(new HashSet<>(window.all("/events", "status"))).containsExactly("failed");
    assertThat(window.all("/events", "createdAt")).isSortedAccordingTo((x, y) -> y.compareTo(x));
    assertThat(api.get(EVENTS + "?status=failed&limit=100&offset=100").all("/events", "id"))
        .isEqualTo(window.all("/events", "id"));
    assertThat(api.get(EVENTS).at("/events").size()).isEqualTo(50);
  }

  @Test
  void parameters_when_invalid_are_answered_400() {
    for (String query : List.of("limit=101", "limit=0", "limit=x", "status=lost")) {
      Reply reply = api.get(EVENTS + "?" + query);
      assertThat(reply.status()).as(query).isEqualTo(400);
      assertThat(reply.at("/message").asText()).isNotEmpty();
    }
    assertThat(api.get(EVENTS + "/nonsense/logs").status()).isEqualTo(400);
    assertThat(api.get(EVENTS + "/" + a + "/logs").status()).isEqualTo(404);
    assertThat(api.get(EVENTS + "/" + a + "/status").status()).isEqualTo(404);
  }

  @Test
  void failures_are_pairs_whose_newest_attempt_failed_for_good() {
    List<String> ids = fake.failures(200);
    assertThat(ids).hasSize(200).doesNotHaveDuplicates();
    assertThat(fake.endpoint().neverDelivered()).containsExactlyInAnyOrderElementsOf(ids);
    boolean someGotIt = false;
    for (String id : ids) {
      String event = id.substring(0, id.indexOf('/'));
      JsonNode newest = newestAttempt(event, id.substring(id.indexOf('/') + 1));
      assertThat(newest.path("deliveryStatus").asText()).isEqualTo("failed");
      assertThat(newest.path("nextRetryAt").isNull()).isTrue();
      int answer = newest.path("responseStatus").asInt();
      boolean triedAgain = answer == 0 || answer >= 500;
      assertThat(newest.path("attemptNumber").asInt()).isEqualTo(triedAgain ? 6 : 1);
      someGotIt |= logs(event).all("/logs", "deliveryStatus").contains("success");
    }
    assertThat(someGotIt).isTrue();
  }

  @Test
  void attempts_carry_the_business_id_and_the_path_wants_the_records_id() {
    String event = fake.event().delivered(a).failed(b, 500).add();
    Reply logs = logs(event);
    String businessId = logs.at("/event/eventId").asText();
    assertThat(logs.at("/event/id").asText()).isEqualTo(event).isNotEqualTo(businessId);
    assertThat(new HashSet<>(logs.all("/logs", "eventId"))).containsExactly(businessId);
    assertThat(logs.at("/logs").size()).isEqualTo(7);
    assertThat(logs.all("/logs", "id")).doesNotHaveDuplicates();
    assertThat(retry(businessId).status()).isEqualTo(404);
    JsonNode status = api.get(EVENTS + "/" + event + "/status").json();
    assertThat(status.path("id").asText()).isEqualTo(event);
    assertThat(status.path("eventId").asText()).isEqualTo(businessId);
  }

  @Test
  void retry_of_one_webhook_makes_one_attempt_there_and_completes_the_event() {
    fake.settlesAfterReads(1);
    String event = fake.event().delivered(a).failed(b, 503).add();
    Reply reply = retry(event, b);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("/success").asBoolean()).isTrue();
    assertThat(reply.at("/data/eventId").asText()).isEqualTo(event);
    assertThat(reply.at("/data/webhookCount").asInt()).isEqualTo(1);
    assertThat(status(event)).isEqualTo("pending");
    clock.advance(java.time.Duration.ofSeconds(3));
    assertThat(status(event)).isEqualTo("completed");
    JsonNode attempt = newestAttempt(event, b);
    assertThat(attempt.path("attemptNumber").asInt()).isEqualTo(7);
    assertThat(attempt.path("responseStatus").asInt()).isEqualTo(200);
    assertThat(attempt.path("createdAt").asText()).isEqualTo("2026-03-01T12:00:03.000Z");
    assertThat(fake.endpoint().resends(event + "/" + b)).isEqualTo(1);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    assertThat(fake.retryRequests(event + "/" + b)).isEqualTo(1);
    assertThat(fake.retryRequests(event + "/" + a)).isZero();
  }

  @Test
  void retry_without_a_webhook_goes_to_all_active_ones_those_included_that_had_it() {
    String event = fake.event().delivered(a).failed(b, 503).delivered(c).add();
    fake.setActive(c, false);
    assertThat(retry(event).at("/data/webhookCount").asInt()).isEqualTo(2);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).containsExactly(event + "/" + a);
    assertThat(fake.endpoint().resends(event)).isEqualTo(2);
    assertThat(fake.retryRequests(event + "/" + a)).isEqualTo(1);
  }

  @Test
  void retry_when_it_fails_again_leaves_the_event_failed_with_one_more_attempt() {
    String event = fake.event().failed(a, 400).add();
    fake.endpoint().down();
    retry(event, a);
    assertThat(status(event)).isEqualTo("failed");
    JsonNode attempt = newestAttempt(event, a);
    assertThat(attempt.path("attemptNumber").asInt()).isEqualTo(2);
    assertThat(attempt.path("responseStatus").isNull()).isTrue();
    assertThat(attempt.path("errorMessage").asText()).isNotEmpty();
    assertThat(api.get(EVENTS + "?status=failed").all("/events", "id")).containsExactly(event);
  }

  @ParameterizedTest
  @CsvSource({"GOING_ON, 7, 8", "FROM_ONE, 1, 1", "UP_TO_SIX, 6, 6"})
  void retries_are_numbered_as_set(FakeBaanx.Numbering numbering, int first, int second) {
    try (FakeBaanx other = FakeBaanx.builder().clock(clock).numbering(numbering).start()) {
      api = Api.bearer(other);
      other.endpoint().down(503);
      String event = other.event().failed(a, 503).add();
      retry(event, a);
      assertThat(firstOf(event).path("attemptNumber").asInt()).isEqualTo(first);
      retry(event, a);
      assertThat(firstOf(event).path("attemptNumber").asInt()).isEqualTo(second);
    }
  }

  private JsonNode firstOf(String event) {
    return api.get(EVENTS + "/" + event + "/logs").at("/logs/0");
  }

  @Test
  void lists_may_be_oldest_first() {
    try (FakeBaanx other = FakeBaanx.builder().clock(clock).oldestFirst(true).start()) {
      api = Api.bearer(other);
      List<String> ids = other.failures(3);
      assertThat(api.get(EVENTS).all("/events", "createdAt")).isSorted();
      for (String id : ids) {
        String logs = EVENTS + "/" + id.substring(0, id.indexOf('/')) + "/logs";
        assertThat(api.get(logs).all("/logs", "createdAt")).isSorted();
      }
      String ofWebhook = "/v1/webhooks/" + other.webhookIds().get(0) + "/logs";
      assertThat(api.get(ofWebhook).all("/logs", "createdAt")).isSorted();
    }
  }

  @Test
  void retry_when_queued_may_show_as_a_pending_attempt() {
    try (FakeBaanx other =
        FakeBaanx.builder().clock(clock).showsQueuedAttempts(true).settlesAfterReads(1).start()) {
      api = Api.bearer(other);
      String event = other.event().delivered(a).failed(b, 503).add();
      retry(event, b);
      JsonNode queued = newestAttempt(event, b);
      assertThat(queued.path("deliveryStatus").asText()).isEqualTo("pending");
      assertThat(queued.path("attemptNumber").asInt()).isEqualTo(7);
      assertThat(queued.path("responseStatus").isNull()).isTrue();
      JsonNode made = newestAttempt(event, b);
      assertThat(made.path("id")).isEqualTo(queued.path("id"));
      assertThat(made.path("deliveryStatus").asText()).isEqualTo("success");
    }
  }

  @Test
  void retry_when_another_webhook_still_failed_leaves_the_event_failed() {
    String event = fake.event().failed(a, 500).failed(b, 500).add();
    retry(event, a);
    assertThat(status(event)).isEqualTo("failed");
    retry(event, b);
    assertThat(status(event)).isEqualTo("completed");
  }

  @Test
  void retry_is_not_limited_to_failed_events() {
    String event = fake.event().delivered(a).add();
    assertThat(retry(event, a).status()).isEqualTo(200);
    assertThat(fake.endpoint().delivered(event + "/" + a)).isEqualTo(2);
  }

  @Test
  void retry_when_malformed_or_unknown_is_refused() {
    String event = fake.event().failed(a, 500).add();
    assertThat(retry("nonsense").status()).isEqualTo(400);
    assertThat(retry(a).status()).isEqualTo(404);
    assertThat(retry(event, "nonsense").at("/message").asText())
        .isEqualTo("webhookId must be a valid UUID");
    assertThat(retry(event, b).status()).isEqualTo(404);
    assertThat(api.post(EVENTS + "/" + event + "/retry", "").status()).isEqualTo(400);
    assertThat(api.post(EVENTS + "/" + event + "/retry", "[1]").status()).isEqualTo(400);
    assertThat(fake.endpoint().resends()).isZero();
  }

  @Test
  void still_trying_events_are_failed_with_a_next_retry() {
    String id = fake.stillTrying(1).get(0);
    String event = id.substring(0, id.indexOf('/'));
    JsonNode newest = newestAttempt(event, id.substring(id.indexOf('/') + 1));
    assertThat(newest.path("deliveryStatus").asText()).isEqualTo("failed");
    assertThat(newest.path("nextRetryAt").asText()).isEqualTo("2026-03-01T13:00:00.000Z");
    assertThat(status(event)).isEqualTo("failed");
    fake.finishTrying();
    assertThat(status(event)).isEqualTo("completed");
    assertThat(fake.endpoint().resends(id)).isZero();
  }

  @Test
  void webhook_logs_show_the_newest_attempts_of_one_webhook() {
    fake.failures(100);
    String event = fake.event().failed(b, 500).add();
    retry(event, b);
    fake.settle();
    Reply reply = api.get("/v1/webhooks/" + b + "/logs?limit=100");
    assertThat(reply.at("/count").asInt()).isEqualTo(100);
    assertThat(new HashSet<>(reply.all("/logs", "webhookId"))).containsExactly(b);
    assertThat(reply.all("/logs", "createdAt")).isSortedAccordingTo((x, y) -> y.compareTo(x));
    assertThat(reply.at("/logs/0/attemptNumber").asInt()).isEqualTo(7);
    assertThat(api.get("/v1/webhooks/" + b + "/logs?limit=101").status()).isEqualTo(400);
    List<String> fewest =
        new ArrayList<>(api.get("/v1/webhooks/" + b + "/logs?limit=3").all("/logs", "id"));
    assertThat(reply.all("/logs", "id")).startsWith(fewest.toArray(new String[0]));
  }

  @Test
  void event_when_its_status_is_set_is_listed_under_it() {
    String event = fake.event().type("card.created").status("skipped").delivered(a).add();
    assertThat(api.get(EVENTS + "?status=skipped").all("/events", "id")).containsExactly(event);
    assertThat(api.get(EVENTS).all("/events", "eventType")).containsExactly("card.created");
  }
}
