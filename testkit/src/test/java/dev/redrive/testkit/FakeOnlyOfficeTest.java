package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.testkit.Api.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeOnlyOfficeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String LOG = "/api/2.0/settings/webhooks/log";
  private static final String BATCH = "/api/2.0/settings/webhook/retry";

  private final MutableClock clock = MutableClock.at(NOW);
  private FakeOnlyOffice fake;
  private Api api;

  @BeforeEach
  void start() {
    use(FakeOnlyOffice.builder().clock(clock).limits(false));
  }

  private void use(FakeOnlyOffice.Builder builder) {
    stop();
    fake = builder.start();
    api = Api.bearer(fake);
  }

  @AfterEach
  void stop() {
    if (fake != null) {
      fake.close();
    }
  }

  private JsonNode log(String id) {
    return api.get(LOG + "?eventId=" + id).at("/response/0");
  }

  private static String retry(String id) {
    return "/api/2.0/settings/webhook/" + id + "/retry";
  }

  private static JsonNode payload(JsonNode log) {
    try {
      return new ObjectMapper().readTree(log.path("requestPayload").asText());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Integer> ids(Reply reply) {
    return reply.all("/response", "id").stream().map(Integer::valueOf).toList();
  }

  @Test
  void key_when_wrong_is_answered_401_with_an_empty_body() {
    Reply reply = api.withKey("Bearer sk-other").get(LOG);
    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.body()).isEmpty();
    fake.faults().onAny().inject(Fault.status(401));
    assertThat(api.get(LOG).body()).isEmpty();
  }

  @Test
  void logs_when_paged_come_by_id_descending_with_the_total_that_matches() {
    fake.successes(120);
    fake.failures(250);
    fake.successes(30);
    List<Integer> all = new ArrayList<>();
    int total = api.get(LOG + "?groupStatus=29").at("/total").asInt();
    assertThat(total).isEqualTo(250);
    for (int start = 0; start < total; start += 100) {
      Reply page = api.get(LOG + "?groupStatus=29&count=100&startIndex=" + start);
      assertThat(page.at("/statusCode").asInt()).isEqualTo(200);
      assertThat(page.at("/status").asInt()).isZero();
      all.addAll(ids(page));
      page.at("/response")
          .forEach(log -> assertThat(log.path("status").asInt() / 100).isNotEqualTo(2));
    }
    assertThat(all).hasSize(250).isSortedAccordingTo((a, b) -> b - a);
    assertThat(api.get(LOG).at("/total").asInt()).isEqualTo(400);
    assertThat(ids(api.get(LOG))).hasSize(100);
  }

  @Test
  void group_status_bits_add_up_and_names_of_the_enum_work() {
    String refused = fake.delivery().status(Endpoint.NO_ANSWER).add();
    String redirected = fake.delivery().status(302).add();
    String notFound = fake.delivery().status(404).add();
    String broken = fake.delivery().status(500).add();
    String fine = fake.delivery().status(200).add();
    Map<String, List<String>> expected =
        Map.of(
            "1", List.of(refused),
            "2", List.of(fine),
            "4", List.of(redirected),
            "8", List.of(notFound),
            "16", List.of(broken),
            "29", List.of(broken, notFound, redirected, refused),
            "0", List.of(fine, broken, notFound, redirected, refused),
            "NotSent", List.of(refused),
            "NotSent,Status5xx", List.of(broken, refused));
    expected.forEach(
        (groups, ids) ->
            assertThat(api.get(LOG + "?groupStatus=" + groups).all("/response", "id"))
                .as(groups)
                .isEqualTo(ids));
  }

  @Test
  void parameters_when_invalid_are_answered_with_a_validation_error_inside_response() {
    for (String query :
        List.of("groupStatus=Failed", "groupStatus=32", "count=101", "count=0", "startIndex=-1")) {
      Reply reply = api.get(LOG + "?" + query);
      assertThat(reply.status()).as(query).isEqualTo(400);
      assertThat(reply.at("/response/status").asInt()).isEqualTo(400);
      assertThat(reply.at("/response/errors").size()).isEqualTo(1);
      assertThat(reply.at("/statusCode").asInt()).isEqualTo(400);
    }
  }

  @Test
  void filters_by_config_uri_and_trigger_combine() {
    String second = fake.webhookIds().get(1);
    String wanted = fake.delivery().webhook(second).trigger("agent.created").add();
    fake.delivery().trigger("agent.created").add();
    fake.delivery().webhook(second).trigger("user.created").add();
    JsonNode config = api.get("/api/2.0/settings/webhook").at("/response/1/configs");
    assertThat(config.path("id").asText()).isEqualTo(second);
    long bit = log(wanted).path("trigger").asLong();
    assertThat(bit).isGreaterThan(Integer.MAX_VALUE);
    String uri = config.path("uri").asText();
    assertThat(
            api.get(LOG + "?configId=" + second + "&trigger=" + bit + "&hookUri=" + uri)
                .all("/response", "id"))
        .containsExactly(wanted);
    assertThat(api.get(LOG + "?hookUri=" + uri + "/x").at("/total").asInt()).isZero();
  }

  @Test
  void delivery_bounds_when_set_hide_every_failure() {
    fake.failures(20);
    fake.successes(5);
    assertThat(api.get(LOG + "?deliveryFrom=2020-01-01T00:00:00Z").at("/total").asInt())
        .isEqualTo(5);
    assertThat(api.get(LOG + "?deliveryTo=2030-01-01T00:00:00Z").at("/total").asInt()).isEqualTo(5);
  }

  @Test
  void failed_log_holds_the_exceptions_message_and_no_delivery() {
    JsonNode notFound = log(fake.delivery().status(404).at(NOW.minusSeconds(60)).add());
    assertThat(notFound.path("responsePayload").asText())
        .isEqualTo("Response status code does not indicate success: 404 (Not Found).");
    assertThat(notFound.has("delivery")).isFalse();
    assertThat(notFound.has("method")).isFalse();
    assertThat(notFound.path("creationTime").asText()).isEqualTo("2026-03-01T11:59:00.0000000Z");
    assertThat(notFound.path("requestHeaders").asText()).contains("signature");
    assertThat(notFound.has("attempts")).isFalse();
    JsonNode refused = log(fake.delivery().add());
    assertThat(refused.path("status").asInt()).isZero();
    assertThat(refused.path("responsePayload").asText()).isNotEmpty();
    JsonNode queued = log(fake.delivery().queued().add());
    assertThat(queued.path("status").asInt()).isZero();
    assertThat(queued.has("responsePayload")).isFalse();
    assertThat(api.get(LOG + "?groupStatus=29").at("/total").asInt()).isEqualTo(3);
  }

  @Test
  void retry_queues_a_new_log_with_the_old_payload_and_delivers_it_later() {
    fake.settlesAfterReads(1);
    String id = fake.delivery().status(503).add();
    Reply reply = api.put(retry(id));
    assertThat(reply.status()).isEqualTo(200);
    String newId = reply.at("/response/id").asText();
    assertThat(newId).isNotEqualTo(id);
    assertThat(reply.at("/response/status").asInt()).isZero();
    assertThat(reply.at("/response").has("delivery")).isFalse();
    assertThat(payload(reply.at("/response"))).isEqualTo(payload(log(id)));
    assertThat(payload(reply.at("/response")).at("/event/id").asText()).isEqualTo(id);
    assertThat(fake.endpoint().resends(id)).isZero();

    JsonNode delivered = log(newId);
    assertThat(delivered.path("status").asInt()).isEqualTo(200);
    assertThat(delivered.path("delivery").asText()).isEqualTo("2026-03-01T12:00:00.0000000Z");
    assertThat(payload(delivered).at("/event/id").asText()).isEqualTo(newId);
    assertThat(log(id).path("status").asInt()).isEqualTo(503);
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  @Test
  void payload_when_the_event_is_the_same_differs_in_event_id_and_retry_fields_only() {
    String first = fake.delivery().add();
    String second = fake.delivery().add();
    String third = fake.delivery().trigger("user.created").add();
    String retried = api.put(retry(first)).at("/response/id").asText();
    assertThat(eventOf(retried)).isEqualTo(eventOf(first));
    assertThat(eventOf(second)).isNotEqualTo(eventOf(third));
    JsonNode payload = payload(log(first));
    assertThat(payload.at("/webhook/id").asText()).isEqualTo(fake.webhookIds().get(0));
    assertThat(payload.at("/event/trigger").asText()).isEqualTo("file.created");
  }

  @Test
  void retry_of_a_retry_starts_with_a_verbatim_copy_of_its_payload() {
    use(FakeOnlyOffice.builder().clock(clock).repeatsPosts(true));
    String first = fake.delivery().add();
    String second = api.put(retry(first)).at("/response/id").asText();
    fake.settle();
    JsonNode sent = payload(log(second));
    fake.endpoint().down(500);
    String third = api.put(retry(second)).at("/response/id").asText();
    fake.settle();
    JsonNode repeated = payload(log(third));
    fake.settlesAfterReads(1);

    JsonNode queued = api.put(retry(third)).at("/response");

    assertThat(sent.path("webhook").has("retryOn")).isFalse();
    assertThat(repeated.at("/webhook/retryOn").asText()).isNotEmpty();
    assertThat(payload(queued)).isEqualTo(repeated);
  }

  @Test
  void groupStatus_none_is_a_member_of_the_enum() {
    fake.delivery().add();
    assertThat(api.get(LOG + "?groupStatus=None").at("/total").asInt()).isEqualTo(1);
    assertThat(api.get(LOG + "?groupStatus=None,Failed").status()).isEqualTo(400);
  }

  private List<JsonNode> eventOf(String id) {
    JsonNode payload = payload(log(id));
    ((ObjectNode) payload.path("event")).remove("id");
    return List.of(payload.path("event"), payload.path("payload"));
  }

  @Test
  void retry_when_log_succeeded_sends_it_again_just_the_same() {
    String id = fake.delivery().status(200).add();
    assertThat(api.put(retry(id)).status()).isEqualTo(200);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).containsExactly(id);
  }

  @Test
  void retry_when_refused_says_why_with_a_stack_trace_in_the_body() {
    String foreign = fake.delivery().foreign().add();
    assertThat(api.put(retry("0")).status()).isEqualTo(400);
    assertThat(api.put(retry(foreign)).status()).isEqualTo(403);
    assertThat(api.put(retry("x")).status()).isEqualTo(404);
    Reply unknown = api.put(retry("999999"));
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.at("/error/message").asText()).isNotEmpty();
    assertThat(unknown.at("/error/stack").asText()).contains(" at ");
    assertThat(unknown.at("/statusCode").asInt()).isEqualTo(404);
    assertThat(api.get(LOG).at("/total").asInt()).isZero();
  }

  @Test
  void batch_leaves_out_unknown_and_foreign_ids_and_keeps_the_order() {
    String first = fake.delivery().add();
    String foreign = fake.delivery().foreign().add();
    String second = fake.delivery().add();
    Reply reply = api.put(BATCH, "{\"ids\":[" + second + ",999999," + foreign + "," + first + "]}");
    assertThat(reply.status()).isEqualTo(200);
    List<String> retried = new ArrayList<>();
    reply.at("/response").forEach(log -> retried.add(payload(log).at("/event/id").asText()));
    assertThat(retried).containsExactly(second, first);
    assertThat(fake.retryRequests(foreign)).isEqualTo(1);
    fake.settle();
    assertThat(fake.endpoint().resends()).isEqualTo(2);
    assertThat(api.put(BATCH, "{\"ids\":[\"" + first + "\"]}").status()).isEqualTo(400);
    assertThat(api.put(BATCH, "{\"ids\":[]}").at("/response").size()).isZero();
  }

  @Test
  void batch_without_ids_is_answered_500() {
    Reply reply = api.put(BATCH, "{}");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.at("/error/message").asText()).isNotEmpty();
  }

  @Test
  void newest_server_resets_the_same_log() {
    use(FakeOnlyOffice.builder().clock(clock).resetsLog(true).settlesAfterReads(1));
    fake.endpoint().down(502);
    String id = fake.delivery().status(503).add();
    assertThat(log(id).path("attempts").asInt()).isEqualTo(1);
    Reply reply = api.put(retry(id));
    assertThat(reply.at("/response/id").asText()).isEqualTo(id);
    assertThat(reply.at("/response").has("responsePayload")).isFalse();
    assertThat(log(id).path("status").asInt()).isZero();
    JsonNode after = log(id);
    assertThat(after.path("status").asInt()).isEqualTo(502);
    assertThat(after.path("attempts").asInt()).isEqualTo(2);
    assertThat(api.get(LOG).at("/total").asInt()).isEqualTo(1);
  }

  @Test
  void newest_server_may_answer_without_a_log() {
    use(FakeOnlyOffice.builder().resetsLog(true).answersNull(true));
    Reply reply = api.put(retry(fake.delivery().add()));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().has("response")).isFalse();
    assertThat(reply.at("/count").asInt()).isZero();
  }

  @Test
  void still_trying_logs_are_queued_or_have_a_next_attempt() {
    List<String> old = fake.stillTrying(4);
    old.forEach(id -> assertThat(log(id).has("responsePayload")).isFalse());
    use(FakeOnlyOffice.builder().clock(clock).resetsLog(true));
    List<String> mixed = fake.stillTrying(4);
    assertThat(mixed).allSatisfy(id -> assertThat(log(id).hasNonNull("nextAttemptOn")).isTrue());
    assertThat(mixed.stream().filter(id -> log(id).path("attempts").asInt() == 1)).hasSize(2);
    fake.finishTrying();
    mixed.forEach(id -> assertThat(log(id).path("status").asInt()).isEqualTo(200));
    assertThat(fake.endpoint().resends()).isZero();
  }

  @Test
  void cancelled_log_is_as_one_that_waits_but_has_no_next_attempt() {
    use(FakeOnlyOffice.builder().clock(clock).resetsLog(true));
    JsonNode waiting = log(fake.delivery().queued().add());
    JsonNode cancelled = log(fake.delivery().cancelled().add());
    for (JsonNode log : List.of(waiting, cancelled)) {
      assertThat(log.path("status").asInt()).isZero();
      assertThat(log.path("attempts").asInt()).isZero();
      assertThat(log.has("responsePayload")).isFalse();
    }
    assertThat(waiting.path("nextAttemptOn").asText()).isEqualTo("2026-03-01T11:00:00.0000000Z");
    assertThat(cancelled.has("nextAttemptOn")).isFalse();
  }

  @Test
  void retry_route_when_called_six_times_in_15_minutes_is_limited_per_path() {
    use(FakeOnlyOffice.builder().clock(clock));
    String one = fake.delivery().add();
    String other = fake.delivery().add();
    for (int i = 0; i < 5; i++) {
      assertThat(api.put(retry(one)).status()).isEqualTo(200);
      assertThat(api.put(BATCH, "{\"ids\":[]}").status()).isEqualTo(200);
    }
    clock.advance(Duration.ofMinutes(5));
    Reply limited = api.put(retry(one));
    assertThat(limited.status()).isEqualTo(429);
    assertNothingTellsHowLong(limited, "5");
    assertThat(api.put(BATCH, "{\"ids\":[" + one + "]}").status()).isEqualTo(429);
    assertThat(api.put(retry(other)).status()).isEqualTo(200);
    clock.advance(Duration.ofMinutes(10));
    assertThat(api.put(retry(one)).status()).isEqualTo(200);
    assertThat(fake.endpoint().resends(one)).isEqualTo(6);
  }

  @Test
  void limits_when_they_are_to_tell_how_long_have_a_retry_after_and_a_body() {
    use(FakeOnlyOffice.builder().clock(clock).tellsRetryAfter(true));
    String one = fake.delivery().add();
    for (int i = 0; i < 5; i++) {
      assertThat(api.put(retry(one)).status()).isEqualTo(200);
    }
    clock.advance(Duration.ofMinutes(5));
    Reply limited = api.put(retry(one));
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.header("Retry-After")).isEqualTo("600");
    assertThat(limited.at("/error/message").asText()).isEqualTo("Too many requests");
  }

  @Test
  void daily_limit_tells_how_long_all_the_same() {
    use(FakeOnlyOffice.builder().clock(clock));
    for (int i = 0; i < 10_000; i++) {
      if (i % 1_000 == 0) {
        clock.advance(Duration.ofMinutes(1));
      }
      assertThat(api.put(retry(Integer.toString(1_000_000 + i))).status()).isEqualTo(404);
    }
    clock.advance(Duration.ofMinutes(1));
    Reply limited = api.put(retry("1"));
    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.header("Retry-After")).isNotNull();
  }

  @Test
  void times_of_lists_are_shifted_by_the_portals_zone_and_those_of_retries_are_not() {
    use(FakeOnlyOffice.builder().clock(clock).zone(ZoneId.of("+03:00")));
    String id = fake.delivery().at(Instant.parse("2026-03-01T10:00:00Z")).add();

    assertThat(api.get(LOG).at("/response/0/creationTime").asText())
        .isEqualTo("2026-03-01T07:00:00.0000000Z");
    assertThat(
            api.get("/api/2.0/settings/webhook").at("/response/0/configs/lastFailureOn").asText())
        .isEqualTo("2026-03-01T13:00:00.0000000Z");
    assertThat(api.put(retry(id)).at("/response/creationTime").asText())
        .isEqualTo("2026-03-01T12:00:00.0000000Z");
  }

  @Test
  void requests_when_more_than_1500_a_minute_are_limited() {
    use(FakeOnlyOffice.builder().clock(clock));
    for (int i = 0; i < 1_500; i++) {
      assertThat(api.get(LOG + "?count=1").status()).isEqualTo(200);
    }
    Reply limited = api.get(LOG);
    assertThat(limited.status()).isEqualTo(429);
    assertNothingTellsHowLong(limited, "1500");
    clock.advance(Duration.ofSeconds(60));
    assertThat(api.get(LOG).status()).isEqualTo(200);
  }

  private static void assertNothingTellsHowLong(Reply limited, String limit) {
    assertThat(limited.body()).isEmpty();
    assertThat(limited.header("Retry-After")).isNull();
    assertThat(limited.header("X-RateLimit-Reset")).isNull();
    assertThat(limited.header("X-RateLimit-Limit")).isEqualTo(limit);
    assertThat(limited.header("X-RateLimit-Remaining")).isEqualTo("0");
  }

  @Test
  void endpoint_when_it_answers_410_loses_its_subscription_and_logs() {
    String id = fake.delivery().add();
    String other = fake.delivery().webhook(fake.webhookIds().get(1)).add();
    fake.endpoint().answer(id, 410);
    api.put(retry(id));
    assertThat(api.get(LOG).all("/response", "id")).containsExactly(other);
    assertThat(api.get("/api/2.0/settings/webhook").at("/response").size()).isEqualTo(2);
    assertThat(api.put(retry(id)).status()).isEqualTo(404);
  }

  @Test
  void triggers_are_listed_with_their_bits() {
    Reply reply = api.get("/api/2.0/settings/webhook/triggers");
    Map<String, Long> bits = new HashMap<>();
    reply
        .at("/response")
        .forEach(each -> bits.put(each.path("name").asText(), each.path("id").asLong()));

    assertThat(bits)
        .hasSize(37)
        .containsEntry("*", 0L)
        .containsEntry("user.created", 1L)
        .containsEntry("file.created", 1L << 7)
        .containsEntry("room.created", 1L << 22)
        .containsEntry("form.submit", 1L << 28)
        .containsEntry("agent.created", 1L << 31)
        .containsEntry("agent.updated", 1L << 32)
        .containsEntry("agent.deleted", 1L << 33)
        .containsEntry("file.downloaded", 1L << 34)
        .containsEntry("folder.downloaded", 1L << 35);
    assertThat(reply.at("/count").asInt()).isEqualTo(37);
  }

  @Test
  void nothing_is_answered_as_null() {
    fake.failures(30);
    fake.successes(10);
    String queued = fake.delivery().queued().add();
    List<Reply> replies =
        List.of(
            api.get(LOG),
            api.get("/api/2.0/settings/webhook"),
            api.put(retry(queued)),
            api.put(BATCH, "{\"ids\":[" + queued + "]}"));

    assertThat(replies).allSatisfy(reply -> assertThat(reply.body()).doesNotContain("null"));
    assertThat(payload(log(queued)).path("event").has("id")).isFalse();
  }

  @Test
  void count_is_1_however_many_rows_there_are_and_only_the_log_list_has_a_total() {
    fake.failures(5);
    for (String list : List.of(LOG, "/api/2.0/settings/webhook")) {
      Reply reply = api.get(list);
      assertThat(reply.at("/response").size()).isGreaterThan(1);
      assertThat(reply.at("/count").asInt()).isEqualTo(1);
      assertThat(reply.json().has("total")).isEqualTo(list.equals(LOG));
    }
    List<Integer> ids = ids(api.get(LOG));
    Reply batch = api.put(BATCH, Api.json(Map.of("ids", ids)));
    assertThat(batch.at("/response").size()).isEqualTo(5);
    assertThat(batch.at("/count").asInt()).isEqualTo(1);
    assertThat(batch.json().has("total")).isFalse();
  }
}
