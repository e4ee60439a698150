package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Api.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeChatt2meTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final MutableClock clock = MutableClock.at(NOW);
  private FakeChatt2me fake;
  private Api api;
  private String webhook;

  @BeforeEach
  void start() {
    fake = FakeChatt2me.builder().clock(clock).start();
    api = Api.chatt2me(fake);
    webhook = fake.webhookIds().get(0);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private String logs(String query) {
    return "/v1/organization/webhook/" + webhook + "/webhook-log" + query;
  }

  private String retry(String logId) {
    return logs("/" + logId + "/retry");
  }

  @Test
  void status_filter_when_the_name_is_not_taken_is_refused_or_finds_nothing() {
    for (int answer : new int[] {200, 400, 422}) {
      try (FakeChatt2me other =
          FakeChatt2me.builder().statusNames("Success", "Error").otherStatus(answer).start()) {
        other.delivery().add();
        var its = new Api(other.baseUrl(), "x-api-key", other.apiKey());
        String list = "/v1/organization/webhook/" + other.webhookIds().get(0) + "/webhook-log";
        assertThat(its.get(list + "?status=Error").at("/data").size()).isEqualTo(1);
        assertThat(its.get(list + "?status=Failed").status()).isEqualTo(answer);
        assertThat(its.get(list + "?status=Failed").at("/data").size()).isZero();
      }
    }
  }

  @Test
  void key_when_wrong_is_answered_401_with_the_error_body() {
    for (String path : List.of("/v1/organization/webhook", logs(""))) {
      Reply reply = api.withKey("other").get(path);
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.at("/errorMessage").asText()).isNotEmpty();
      assertThat(reply.at("/errorCode").asText()).isEqualTo("UNAUTHORIZED");
    }
    assertThat(api.withKey("other").post(retry("x")).status()).isEqualTo(401);
  }

  @Test
  void webhooks_when_listed_have_type_endpoint_and_error_count() {
    fake.failures(30);
    fake.successes(10);
    Reply reply = api.get("/v1/organization/webhook?offset=0&limit=50");
    assertThat(reply.all("/data", "id")).isEqualTo(fake.webhookIds());
    assertThat(reply.all("/data", "eventType"))
        .containsExactly("Message", "MessageStatus", "Message");
    int errors = 0;
    for (JsonNode item : reply.at("/data")) {
      errors += item.path("numberOfErrors").asInt();
      assertThat(item.path("endpoint").asText()).startsWith("https://");
      assertThat(item.path("active").asBoolean()).isTrue();
    }
    assertThat(errors).isEqualTo(30);
    assertThat(api.get("/v1/organization/webhook/" + webhook).at("/id").asText())
        .isEqualTo(webhook);
    assertThat(api.get("/v1/organization/webhook/" + new Ids(9, "x").uuid(1)).status())
        .isEqualTo(404);
  }

  @Test
  void webhook_has_all_that_the_specification_requires() {
    JsonNode webhooks = api.get("/v1/organization/webhook").at("/data");
    for (JsonNode each : webhooks) {
      assertThat(each.fieldNames())
          .toIterable()
          .contains(
              "id",
              "applicationId",
              "active",
              "eventType",
              "endpoint",
              "numberOfErrors",
              "authenticationProtocol",
              "isVerified",
              "createdDate",
              "lastModifiedDate");
      assertThat(each.path("applicationId")).isEqualTo(webhooks.at("/0/applicationId"));
      assertThat(each.path("authenticationProtocol").asText()).isEqualTo("NoAuthentication");
      assertThat(Instant.parse(each.path("lastModifiedDate").asText()))
          .isAfterOrEqualTo(Instant.parse(each.path("createdDate").asText()));
    }
  }

  @Test
  void logs_when_paged_come_newest_first_each_once_with_total() {
    fake.failures(400);
    fake.successes(300);
    int total = api.get(logs("")).at("/pagination/total").asInt();
    List<String> ids = new ArrayList<>();
    List<String> times = new ArrayList<>();
    for (int offset = 0; offset < total; offset += 50) {
      Reply page = api.get(logs("?offset=" + offset + "&limit=50"));
      ids.addAll(page.all("/data", "id"));
      times.addAll(page.all("/data", "createdDate"));
    }
    assertThat(ids).hasSize(total).doesNotHaveDuplicates();
    assertThat(times).isSortedAccordingTo((a, b) -> b.compareTo(a));
    Reply failed = api.get(logs("?status=Failed&limit=50"));
    assertThat(new HashSet<>(failed.all("/data", "status"))).containsExactly("Failed");
    Reply succeeded = api.get(logs("?status=Success"));
    assertThat(succeeded.at("/data").size()).isEqualTo(20);
    assertThat(new HashSet<>(succeeded.all("/data", "status"))).containsExactly("Success");
    assertThat(failed.at("/pagination/total").asInt() + succeeded.at("/pagination/total").asInt())
        .isEqualTo(total);
  }

  @Test
  void logs_when_oldest_first_is_set_come_in_that_order() {
    try (FakeChatt2me other = FakeChatt2me.builder().clock(clock).oldestFirst(true).start()) {
      other.failures(100);
      List<String> times =
          Api.chatt2me(other)
              .get(
                  "/v1/organization/webhook/" + other.webhookIds().get(0) + "/webhook-log?limit=50")
              .all("/data", "createdDate");
      assertThat(times).hasSizeGreaterThan(10).isSorted();
    }
  }

  @Test
  void paging_when_out_of_bounds_is_answered_400() {
    for (String query :
        List.of("?limit=51", "?limit=0", "?limit=x", "?offset=-1", "?status=Whatever")) {
      assertThat(api.get(logs(query)).status()).as(query).isEqualTo(400);
    }
    assertThat(api.get(logs("?offset=100000")).at("/data").size()).isZero();
  }

  @Test
  void retry_when_endpoint_is_up_makes_a_new_log_and_the_old_one_stays_failed() {
    String id = fake.delivery().status(500).add();
    clock.set(NOW.plusSeconds(5));
    Reply reply = api.post(retry(id));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("/success").asBoolean()).isTrue();
    String newId = reply.at("/newLogId").asText();

    Map<String, JsonNode> logs = new java.util.LinkedHashMap<>();
    api.get(logs("")).at("/data").forEach(log -> logs.put(log.path("id").asText(), log));
    assertThat(logs.keySet()).containsExactly(newId, id);
    assertThat(logs.get(id).path("status").asText()).isEqualTo("Failed");
    assertThat(logs.get(newId).path("status").asText()).isEqualTo("Success");
    assertThat(logs.get(newId).path("createdDate").asText()).isEqualTo("2026-03-01T12:00:05.000Z");
    assertThat(logs.get(newId).path("messageId")).isEqualTo(logs.get(id).path("messageId"));
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
    assertThat(fake.endpoint().resends(newId)).isEqualTo(1);
    assertThat(fake.retryRequests(id)).isEqualTo(1);
  }

  @Test
  void retry_when_endpoint_is_down_answers_success_and_adds_a_failed_log() {
    fake.endpoint().down(503);
    String id = fake.delivery().status(500).add();
    assertThat(api.post(retry(id)).at("/success").asBoolean()).isTrue();
    Reply failed = api.get(logs("?status=Failed"));
    assertThat(failed.at("/pagination/total").asInt()).isEqualTo(2);
    assertThat(failed.at("/data/0/statusCode").asInt()).isEqualTo(503);
    assertThat(fake.endpoint().neverDelivered()).containsExactly(id);
  }

  @Test
  void retry_when_log_succeeded_or_is_unknown_is_refused() {
    String succeeded = fake.delivery().status(200).add();
    String elsewhere = fake.delivery().webhook(fake.webhookIds().get(1)).add();
    assertThat(api.post(retry(succeeded)).status()).isEqualTo(400);
    assertThat(api.post(retry(elsewhere)).status()).isEqualTo(404);
    assertThat(api.post(retry("nonsense")).status()).isEqualTo(404);
    assertThat(fake.endpoint().resends()).isZero();
  }

  @Test
  void batch_when_some_cannot_be_retried_answers_all_in_order() {
    String failed = fake.delivery().add();
    String succeeded = fake.delivery().status(204).add();
    String gone = fake.delivery().add();
    fake.delete(gone);
    String unknown = new Ids(9, "x").uuid(1);
    List<String> ids = List.of(succeeded, failed, unknown, gone);
    Reply reply = api.post(logs("/retry"), Api.json(Map.of("webhookLogIds", ids)));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.all("/results", "webhookLogId")).isEqualTo(ids);
    assertThat(reply.all("/results", "success")).containsExactly("false", "true", "false", "false");
    assertThat(reply.at("/results/0/newLogId").isNull()).isTrue();
    assertThat(reply.at("/results/1/newLogId").asText()).isNotEqualTo(failed);
    assertThat(fake.requests(Operation.RETRY).get(0).ids()).isEqualTo(ids);
    for (String id : ids) {
      assertThat(fake.retryRequests(id)).isEqualTo(1);
    }
  }

  @Test
  void deleted_log_is_left_out_or_shown_as_deleted() {
    fake.delete(fake.delivery().add());
    assertThat(api.get(logs("")).at("/pagination/total").asInt()).isZero();
    try (FakeChatt2me other = FakeChatt2me.builder().clock(clock).showsDeleted(true).start()) {
      other.delete(other.delivery().add());
      api = Api.chatt2me(other);
      assertThat(api.get(logs("")).at("/data/0/isDeleted").asBoolean()).isTrue();
    }
  }

  @Test
  void batch_when_empty_too_large_or_malformed_is_answered_400() {
    List<String> ids = fake.failures(51);
    for (String body :
        List.of(
            "{\"webhookLogIds\":[]}", "{}", "nonsense", Api.json(Map.of("webhookLogIds", ids)))) {
      assertThat(api.post(logs("/retry"), body).status()).isEqualTo(400);
    }
    assertThat(fake.endpoint().resends()).isZero();
  }

  @Test
  void status_events_share_a_message_id_and_some_logs_have_none() {
    webhook = fake.webhookIds().get(1);
    fake.failures(200);
    List<String> messages = api.get(logs("?limit=50")).all("/data", "messageId");
    assertThat(new HashSet<>(messages).size()).isBetween(15, 25);
    webhook = fake.webhookIds().get(0);
    assertThat(api.get(logs("?limit=50")).all("/data", "messageId")).contains("");
    String first = fake.delivery().add();
    fake.delivery().sameMessageAs(first).at(NOW).add();
    List<String> latest = api.get(logs("?limit=50")).all("/data", "messageId");
    assertThat(latest.stream().filter(latest.get(0)::equals)).hasSize(2);
  }

  @Test
  void no_answer_is_status_code_0_or_null() {
    fake.failures(200);
    List<JsonNode> codes = new ArrayList<>();
    api.get(logs("?limit=50")).at("/data").forEach(log -> codes.add(log.path("statusCode")));
    assertThat(codes).anyMatch(JsonNode::isNull);
    assertThat(codes).anyMatch(code -> code.isInt() && code.intValue() == 0);
    assertThat(codes).anyMatch(code -> code.intValue() >= 500);
  }

  @Test
  void failed_logs_when_status_names_are_old_are_called_error() {
    try (FakeChatt2me old = FakeChatt2me.builder().legacyStatusNames(true).start()) {
      old.failures(30);
      Reply reply =
          Api.chatt2me(old)
              .get(
                  "/v1/organization/webhook/"
                      + old.webhookIds().get(0)
                      + "/webhook-log?status=Failed");
      assertThat(new HashSet<>(reply.all("/data", "status"))).containsExactly("Error");
    }
  }

  @Test
  void traffic_when_it_comes_while_paging_shifts_the_pages() {
    fake.failures(300);
    List<String> first = api.get(logs("?limit=50")).all("/data", "id");
    fake.traffic(9);
    List<String> second = api.get(logs("?limit=50&offset=50")).all("/data", "id");
    assertThat(second).containsAnyElementsOf(first);
  }

  @Test
  void two_fakes_when_of_one_seed_hold_the_same() {
    try (FakeChatt2me twin = FakeChatt2me.builder().clock(clock).apiKey(fake.apiKey()).start();
        FakeChatt2me other =
            FakeChatt2me.builder().clock(clock).seed(2).apiKey(fake.apiKey()).start()) {
      List.of(fake, twin, other).forEach(each -> each.failures(60));
      assertThat(Api.chatt2me(twin).get(logs("")).body()).isEqualTo(api.get(logs("")).body());
      assertThat(other.webhookIds()).isNotEqualTo(fake.webhookIds());
    }
  }
}
