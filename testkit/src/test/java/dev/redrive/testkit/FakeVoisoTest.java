package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Api.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeVoisoTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String V4 = "/api/v4/tasks/webhook_failures";
  private static final String V1 = "/api/webhooks/v1/failures";

  private final MutableClock clock = MutableClock.at(NOW);
  private FakeVoiso fake;
  private Api v4;
  private Api v1;

  @BeforeEach
  void start() {
    use(FakeVoiso.builder().clock(clock));
  }

  private void use(FakeVoiso.Builder builder) {
    stop();
    fake = builder.start();
    v4 = Api.bearer(fake);
    v1 = Api.bearer(fake, fake.contactCentreKey());
  }

  @AfterEach
  void stop() {
    if (fake != null) {
      fake.close();
    }
  }

  private Reply retriggerV4(String id) {
    return v4.post(V4 + "/" + id + "/retrigger");
  }

  private JsonNode read(String id) {
    return v4.get(V4 + "/" + id).at("/webhook_failure");
  }

  @Test
  void key_when_wrong_or_of_the_other_generation_is_answered_401() {
    assertThat(v1.get(V4).status()).isEqualTo(401);
    assertThat(v1.get(V4).at("/error").asText()).isNotEmpty();
    assertThat(v4.get(V1).status()).isEqualTo(401);
    assertThat(v4.get(V1).at("/error").asText()).isEqualTo("Invalid API key");
  }

  @Test
  void key_when_it_lacks_the_scope_reads_but_does_not_retrigger() {
    use(FakeVoiso.builder().readOnlyKey(true));
    String id = fake.delivery().add();
    assertThat(v4.get(V4).status()).isEqualTo(200);
    assertThat(retriggerV4(id).status()).isEqualTo(403);
    assertThat(fake.endpoint().resends()).isZero();
  }

  @Test
  void v4_list_comes_newest_first_in_pages_of_100_with_total() {
    fake.failures(250);
    fake.successes(50);
    List<String> ids = new ArrayList<>();
    List<String> times = new ArrayList<>();
    for (int offset = 0; offset < 300; offset += 100) {
      Reply page = v4.get(V4 + "?offset=" + offset);
      assertThat(page.at("/metadata/total").asInt()).isEqualTo(250);
      ids.addAll(page.all("/webhook_failures", "id"));
      times.addAll(page.all("/webhook_failures", "created_at"));
    }
    assertThat(ids).hasSize(250).doesNotHaveDuplicates();
    assertThat(times).isSortedAccordingTo((a, b) -> b.compareTo(a));
    JsonNode one = v4.get(V4 + "?limit=1").at("/webhook_failures/0");
    assertThat(one.path("status").asText()).isEqualTo("inactive");
    assertThat(one.path("reason").asText()).isNotEmpty();
    assertThat(one.at("/webhook/name").asText()).isNotEmpty();
    assertThat(fake.webhookIds()).contains(one.at("/webhook/id").asText());
    assertThat(read(ids.get(7)).path("id").asText()).isEqualTo(ids.get(7));
  }

  @Test
  void v4_list_is_bounded_by_creation_time() {
    String older = fake.delivery().at(NOW.minusSeconds(7_200)).add();
    String newer = fake.delivery().at(NOW.minusSeconds(3_600)).add();
    String created = read(newer).path("created_at").asText();
    assertThat(created).isEqualTo("2026-03-01T10:30:00Z");
    assertThat(v4.get(V4 + "?created_at%5Bgte%5D=" + created).all("/webhook_failures", "id"))
        .containsExactly(newer);
    Reply before = v4.get(V4 + "?created_at%5Blt%5D=" + created);
    assertThat(before.all("/webhook_failures", "id")).containsExactly(older);
    assertThat(before.at("/metadata/total").asInt()).isEqualTo(1);
  }

  @Test
  void parameters_when_invalid_are_refused_in_each_generations_way() {
    for (String query : List.of("limit=101", "limit=0", "offset=-1", "created_at%5Bgte%5D=x")) {
      Reply reply = v4.get(V4 + "?" + query);
      assertThat(reply.status()).as(query).isEqualTo(422);
      assertThat(reply.at("/errors").size()).isEqualTo(1);
    }
    for (String query :
        List.of("per_page=51", "page=0", "start_date=2026-01-20T00:00:00Z", "end_date=x")) {
      Reply reply = v1.get(V1 + "?" + query);
      assertThat(reply.status()).as(query).isEqualTo(400);
      assertThat(reply.at("/error").asText()).isNotEmpty();
    }
  }

  @Test
  void retrigger_when_delivered_takes_the_record_off_the_list_and_then_away() {
    fake.settlesAfterReads(1);
    String id = fake.delivery().add();
    Reply reply = retriggerV4(id);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("/webhook_failure/status").asText()).isEqualTo("pending");
    assertThat(read(id).path("status").asText()).isEqualTo("pending");
    assertThat(v4.get(V4).at("/metadata/total").asInt()).isZero();
    assertThat(v4.get(V4 + "/" + id).status()).isEqualTo(404);
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  @Test
  void retrigger_of_v1_insists_on_a_json_content_type() {
    String id = fake.delivery().add();
    assertThat(v1.post(V1 + "/" + id + "/retrigger").status()).isEqualTo(415);
    assertThat(fake.endpoint().resends(id)).isZero();
    assertThat(v1.post(V1 + "/" + id + "/retrigger", "").status()).isEqualTo(200);
  }

  @Test
  void retrigger_when_delivered_and_set_so_says_delivered() {
    use(FakeVoiso.builder().showsDelivered(true));
    String id = fake.delivery().add();
    retriggerV4(id);
    assertThat(read(id).path("status").asText()).isEqualTo("delivered");
    assertThat(v4.get(V4).at("/metadata/total").asInt()).isZero();
    assertThat(retriggerV4(id).status()).isEqualTo(409);
  }

  @Test
  void retrigger_while_under_way_and_set_so_hides_the_record() {
    use(FakeVoiso.builder().clock(clock).hidesPending(true));
    String id = fake.delivery().status(500).add();
    fake.asyncDelay(Duration.ofSeconds(30));
    fake.endpoint().down(503);
    assertThat(retriggerV4(id).at("/webhook_failure/status").asText()).isEqualTo("pending");
    assertThat(v4.get(V4 + "/" + id).status()).isEqualTo(404);
    assertThat(retriggerV4(id).status()).isEqualTo(404);
    fake.settle();
    assertThat(read(id).path("status").asText()).isEqualTo("inactive");
  }

  @Test
  void retrigger_when_it_fails_again_brings_the_record_back_with_newer_times() {
    String id = fake.delivery().status(500).add();
    JsonNode before = read(id);
    fake.endpoint().down(503);
    clock.advance(Duration.ofSeconds(10));
    retriggerV4(id);
    JsonNode after = v4.get(V4).at("/webhook_failures/0");
    assertThat(after.path("id").asText()).isEqualTo(id);
    assertThat(after.path("status").asText()).isEqualTo("inactive");
    assertThat(after.path("reason").asText()).contains("503");
    assertThat(after.path("last_attempt_at").asText())
        .isEqualTo("2026-03-01T12:00:10Z")
        .isGreaterThan(before.path("last_attempt_at").asText());
    assertThat(after.path("updated_at").asText()).isEqualTo("2026-03-01T12:00:10Z");
    assertThat(after.path("created_at")).isEqualTo(before.path("created_at"));
  }

  @Test
  void retrigger_when_not_inactive_is_409_and_when_unknown_404() {
    fake.settlesAfterReads(10);
    String id = fake.delivery().add();
    retriggerV4(id);
    Reply again = retriggerV4(id);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.at("/errors").size()).isEqualTo(1);
    assertThat(retriggerV4("ffffffffffffffffffffffff").status()).isEqualTo(404);
    fake.settle();
    assertThat(fake.endpoint().resends(id)).isEqualTo(1);
    assertThat(fake.retryRequests(id)).isEqualTo(2);
  }

  @Test
  void list_when_read_while_retriggering_loses_rows_to_the_shift() {
    fake.failures(200);
    List<String> first = v4.get(V4).all("/webhook_failures", "id");
    first.forEach(this::retriggerV4);
    assertThat(v4.get(V4 + "?offset=100").all("/webhook_failures", "id")).isEmpty();
    assertThat(v4.get(V4).all("/webhook_failures", "id")).doesNotContainAnyElementsOf(first);
  }

  @Test
  void v1_list_shows_id_and_event_only_in_pages_of_50() {
    List<String> ids = fake.failures(120);
    List<String> listed = new ArrayList<>();
    for (int page = 1; page <= 3; page++) {
      listed.addAll(v1.get(V1 + "?page=" + page).all("/failures", "id"));
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(v1.get(V1 + "?page=4").at("/failures").size()).isZero();
    JsonNode one = v1.get(V1 + "?start_date=2026-02-28T00:00:00Z").at("/failures/0");
    assertThat(new HashSet<>(one.properties().stream().map(e -> e.getKey()).toList()))
        .containsExactlyInAnyOrder("id", "event");
    use(FakeVoiso.builder().v1Details(true));
    fake.failures(1);
    assertThat(v1.get(V1).at("/failures/0/reason").asText()).isNotEmpty();
  }

  @Test
  void v1_retrigger_answers_success_and_refuses_what_is_not_inactive() {
    fake.settlesAfterReads(10);
    String id = fake.delivery().add();
    Reply reply = v1.post(V1 + "/" + id + "/retrigger", "");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.at("/status").asText()).isEqualTo("success");
    assertThat(reply.at("/failure_id").asText()).isEqualTo(id);
    Reply again = v1.post(V1 + "/" + id + "/retrigger", "");
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.at("/error").asText()).isEqualTo("No failed webhook found with ID " + id);
    assertThat(v1.get(V1).at("/failures").size()).isZero();
    fake.settle();
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  @Test
  void record_when_its_status_is_set_shows_it() {
    String id = fake.delivery().recordStatus("paused").webhook(fake.webhookIds().get(2)).add();
    assertThat(read(id).path("status").asText()).isEqualTo("paused");
    assertThat(retriggerV4(id).status()).isEqualTo(409);
  }

  @Test
  void webhooks_are_listed_and_read() {
    Reply list = v4.get("/api/v4/tasks/webhooks");
    assertThat(list.all("/webhooks", "id")).isEqualTo(fake.webhookIds());
    assertThat(list.at("/webhooks/0/events").isArray()).isTrue();
    String id = fake.webhookIds().get(1);
    assertThat(v4.get("/api/v4/tasks/webhooks/" + id).at("/webhook/id").asText()).isEqualTo(id);
  }
}
