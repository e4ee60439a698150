package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Api.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeGithubTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String HOOKS = "/repos/octocat/hello-world/hooks";

  private final MutableClock clock = MutableClock.at(NOW);
  private FakeGithub fake = FakeGithub.builder().webhooks(2).clock(clock).start();
  private Api api = Api.bearer(fake);

  @AfterEach
  void stop() {
    fake.close();
  }

  private void use(FakeGithub.Builder builder) {
    stop();
    fake = builder.clock(clock).start();
    api = Api.bearer(fake);
  }

  private String deliveries() {
    return HOOKS + "/" + fake.webhookIds().get(0) + "/deliveries";
  }

  /** All pages, as the header {@code Link} names them. */
  private List<JsonNode> all(String path) {
    List<JsonNode> rows = new ArrayList<>();
    String next = path;
    while (next != null) {
      Reply page = api.get(next);
      assertThat(page.status()).isEqualTo(200);
      page.json().forEach(rows::add);
      String link = page.header("Link");
      next =
          link == null || link.isEmpty()
              ? null
              : link.substring(1, link.indexOf('>')).replace(fake.baseUrl(), "");
    }
    return rows;
  }

  @Test
  void key_when_wrong_is_answered_401() {
    Reply refused = api.withKey("Bearer wrong").get(HOOKS);

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.at("/message").asText()).isEqualTo("Bad credentials");
    assertThat(refused.at("/documentation_url").asText()).startsWith("https://");
  }

  @Test
  void list_comes_newest_first_in_pages_that_the_link_header_names() {
    use(FakeGithub.builder().webhooks(1));
    fake.failures(70);
    fake.successes(15);

    List<JsonNode> rows = all(deliveries());

    assertThat(rows).hasSize(85);
    assertThat(rows.stream().map(row -> row.get("delivered_at").asText()).toList())
        .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    assertThat(rows).allSatisfy(row -> assertThat(row.has("request")).isFalse());
    assertThat(fake.requests(Operation.LIST)).hasSize(3);
    assertThat(api.get(deliveries() + "?per_page=100").header("Link")).isNullOrEmpty();
    assertThat(api.get(deliveries() + "?per_page=101").status()).isEqualTo(422);
    assertThat(api.get(deliveries() + "?cursor=x").status()).isEqualTo(422);
  }

  @Test
  void a_page_starts_at_its_cursor_whatever_is_delivered_meanwhile() {
    use(FakeGithub.builder().webhooks(1));
    fake.failures(70);
    String second = api.get(deliveries()).header("Link").replaceFirst("^<[^?]*", "");
    String query = second.substring(0, second.indexOf('>'));
    List<String> before = api.get(deliveries() + query).all("", "id");

    fake.traffic(10);

    assertThat(api.get(deliveries() + query).all("", "id")).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "200, 1, 0", "302, 1, 0", "404, 0, 1", "599, 0, 1", "600, 0, 0"})
  void the_filter_by_status_leaves_out_what_is_neither(int code, int successes, int failures) {
    fake.delivery().status(code).add();

    assertThat(api.get(deliveries() + "?status=success").json()).hasSize(successes);
    assertThat(api.get(deliveries() + "?status=failure").json()).hasSize(failures);
    assertThat(api.get(deliveries()).json()).hasSize(1);
    assertThat(api.get(deliveries() + "?status=x").status()).isEqualTo(422);
  }

  @Test
  void a_redelivery_is_answered_202_and_is_a_new_delivery_with_the_same_guid() {
    String id = fake.delivery().status(503).add();
    String number = id.substring(id.indexOf('/') + 1);

    Reply reply = api.post(deliveries() + "/" + number + "/attempts");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.body()).isEqualTo("{}");
    JsonNode rows = api.get(deliveries()).json();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).get("guid")).isEqualTo(rows.get(1).get("guid"));
    assertThat(rows.get(0).get("id")).isNotEqualTo(rows.get(1).get("id"));
    assertThat(rows.get(0).get("redelivery").asBoolean()).isTrue();
    assertThat(rows.get(0).get("status").asText()).isEqualTo("OK");
    assertThat(rows.get(1).get("redelivery").asBoolean()).isFalse();
    assertThat(rows.get(1).get("status_code").asInt()).isEqualTo(503);
    assertThat(fake.retryRequests(id)).isEqualTo(1);
    assertThat(fake.endpoint().resends(id)).isEqualTo(1);
  }

  @Test
  void a_guid_is_shared_by_all_webhooks_and_a_redelivery_is_of_one() {
    List<String> hooks = fake.webhookIds();
    String one = fake.delivery().webhook(hooks.get(0)).add();
    String other = fake.delivery().webhook(hooks.get(1)).sameEventAs(one).add();
    JsonNode first = api.get(deliveries()).json().get(0);
    JsonNode second = api.get(deliveries().replace(hooks.get(0), hooks.get(1))).json().get(0);

    assertThat(first.get("guid")).isEqualTo(second.get("guid"));
    api.post(deliveries() + "/" + one.substring(one.indexOf('/') + 1) + "/attempts");

    assertThat(fake.endpoint().delivered(one)).isEqualTo(1);
    assertThat(fake.endpoint().delivered(other)).isZero();
    assertThat(api.get(deliveries() + "/" + second.get("id").asText()).status()).isEqualTo(404);
  }

  @Test
  void a_delivery_is_listed_for_three_days() {
    String id = fake.delivery().at(NOW.minus(Duration.ofDays(3)).plusSeconds(5)).add();
    String path = deliveries() + "/" + id.substring(id.indexOf('/') + 1);
    assertThat(api.get(deliveries()).json()).hasSize(1);
    assertThat(api.get(path).at("/request/payload/action").asText()).isEqualTo("opened");

    clock.advance(Duration.ofSeconds(5));

    assertThat(api.get(deliveries()).json()).isEmpty();
    assertThat(api.get(path).status()).isEqualTo(404);
    assertThat(api.post(path + "/attempts").status()).isEqualTo(404);
  }

  @Test
  void hooks_are_those_of_the_repository_and_of_the_organization() {
    assertThat(api.get(HOOKS).all("", "id")).isEqualTo(fake.webhookIds());
    assertThat(api.get("/repos/OctoCat/Hello-World/hooks").json()).hasSize(2);
    assertThat(api.get("/orgs/octocat/hooks").json()).hasSize(2);
    assertThat(api.get("/orgs/other/hooks").status()).isEqualTo(404);
    assertThat(api.get("/app/hook/config").at("/url").asText()).startsWith("https://");
    assertThat(api.get(HOOKS + "?per_page=1").header("Link")).contains("page=2");
    String hook = HOOKS + "/" + fake.webhookIds().get(0);
    assertThat(api.get(hook).at("/config/secret").asText()).isEqualTo("********");
    fake.deleteWebhook(fake.webhookIds().get(0));
    assertThat(api.get(hook).status()).isEqualTo(404);
    assertThat(api.get(HOOKS).json()).hasSize(1);
  }

  @Test
  void a_primary_limit_is_a_403_that_tells_when_it_ends() {
    use(FakeGithub.builder().primaryLimit(1, Duration.ofMinutes(1)));
    api.get(HOOKS);

    Reply refused = api.get(HOOKS);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("X-RateLimit-Remaining")).isEqualTo("0");
    assertThat(Long.parseLong(refused.header("X-RateLimit-Reset")))
        .isEqualTo(NOW.plusSeconds(61).getEpochSecond());
    clock.advance(Duration.ofSeconds(61));
    assertThat(api.get(HOOKS).status()).isEqualTo(200);
  }
}
