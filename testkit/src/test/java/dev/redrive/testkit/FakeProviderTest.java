package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Api.Reply;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all fakes share, shown with Voiso, whose retries are asynchronous. */
class FakeProviderTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String LIST = "/api/v4/tasks/webhook_failures";

  private final MutableClock clock = MutableClock.at(NOW);
  private FakeVoiso fake;
  private Api api;

  @BeforeEach
  void start() {
    fake = FakeVoiso.builder().clock(clock).start();
    api = Api.bearer(fake);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private static String retrigger(String id) {
    return LIST + "/" + id + "/retrigger";
  }

  private void retry(String id) {
    api.post(retrigger(id));
    fake.settle();
  }

  // The answer

  @Test
  void date_header_comes_from_the_fakes_clock() {
    assertThat(api.get(LIST).header("Date")).isEqualTo("Sun, 01 Mar 2026 12:00:00 GMT");
    clock.advance(Duration.ofDays(8));
    assertThat(api.get("/nowhere").header("Date")).isEqualTo("Mon, 09 Mar 2026 12:00:00 GMT");
  }

  @Test
  void path_when_unknown_is_404_with_the_error_body_and_counts_as_other() {
    assertThat(api.get("/nowhere").at("/error").asText()).isEqualTo("Not found");
    assertThat(api.send("DELETE", LIST, null).status()).isEqualTo(404);
    assertThat(fake.requestCount(Operation.OTHER)).isEqualTo(2);
  }

  @Test
  void latency_when_set_delays_each_answer() {
    api.get(LIST);
    fake.latency(Duration.ofMillis(60));
    long start = System.nanoTime();
    api.get(LIST);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(60), Duration.ofMillis(2_000));
  }

  @Test
  void connection_when_the_fake_is_closed_is_refused() {
    fake.failures(3);
    fake.close();
    assertThatThrownBy(() -> api.get(LIST))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(ConnectException.class);
    assertThat(fake.endpoint().neverDelivered()).hasSize(3);
    fake.close();
  }

  @Test
  void close_when_an_answer_stalls_is_quick_and_leaves_no_thread() {
    fake.faults().on(Operation.LIST).inject(Fault.stall());
    fake.latency(Duration.ofMinutes(5));
    assertThatThrownBy(() -> api.sendOrFail("GET", LIST, null, Duration.ofMillis(500)))
        .isInstanceOf(HttpTimeoutException.class);
    assertThatThrownBy(() -> api.sendOrFail("GET", LIST, null, Duration.ofMillis(500)))
        .isInstanceOf(HttpTimeoutException.class);
    String port = fake.baseUrl().substring(fake.baseUrl().lastIndexOf(':'));
    long start = System.nanoTime();
    fake.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(fake.requestCount(Operation.LIST)).isEqualTo(2);
    assertThatThrownBy(() -> new Api("http://127.0.0.1" + port, "a", "b").get("/"))
        .isInstanceOf(UncheckedIOException.class);
  }

  // Faults

  @Test
  void lost_request_does_nothing_and_lost_answer_does_the_work() {
    String first = fake.delivery().add();
    String second = fake.delivery().add();
    fake.faults().on(Operation.RETRY).inject(Fault.lostRequest());
    fake.faults().on(Operation.RETRY).inject(Fault.lostAnswer());
    assertThatThrownBy(() -> api.post(retrigger(first))).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(() -> api.post(retrigger(second))).isInstanceOf(UncheckedIOException.class);
    assertThat(fake.endpoint().resends(first)).isZero();
    assertThat(fake.endpoint().resends(second)).isEqualTo(1);
    assertThat(fake.retryRequests(first)).isEqualTo(1);
    assertThat(fake.requests(Operation.RETRY))
        .extracting(RecordedRequest::status)
        .containsExactly(0, 0);
    assertThat(fake.faults().injected()).isEqualTo(2);
    assertThat(api.get(LIST).status()).isEqualTo(200);
  }

  @Test
  void status_carries_the_providers_error_body_and_work_done_says_so() {
    String id = fake.delivery().add();
    fake.faults().on(Operation.RETRY).inject(Fault.status(500));
    Reply failed = api.post(retrigger(id));
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.at("/error").asText()).isEqualTo("Internal Server Error");
    assertThat(fake.endpoint().resends()).isZero();
    fake.faults().on(Operation.RETRY).inject(Fault.status(500).workDone());
    assertThat(api.post(retrigger(id)).status()).isEqualTo(500);
    assertThat(fake.endpoint().resends()).isEqualTo(1);
    String other = fake.delivery().add();
    fake.faults().on(Operation.RETRY).inject(Fault.emptyBody().workNotDone());
    Reply empty = api.post(retrigger(other));
    assertThat(empty.status()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    assertThat(fake.endpoint().resends(other)).isZero();
  }

  @Test
  void retry_after_comes_as_seconds_as_a_date_or_as_told() {
    fake.faults().onAny().inject(Fault.status(429).retryAfter(Duration.ofMillis(1_500)));
    fake.faults().onAny().inject(Fault.status(503).retryAfter(NOW.plusSeconds(30)));
    fake.faults().onAny().inject(Fault.status(503).retryAfter("0"));
    assertThat(api.get(LIST).header("Retry-After")).isEqualTo("2");
    assertThat(api.get(LIST).header("Retry-After")).isEqualTo("Sun, 01 Mar 2026 12:00:30 GMT");
    assertThat(api.get(LIST).header("Retry-After")).isEqualTo("0");
    assertThat(api.get(LIST).header("Retry-After")).isNull();
  }

  @Test
  void spoilt_answers_are_spoilt_as_their_names_say() {
    fake.failures(10);
    fake.faults().onAny().inject(Fault.proxyPage());
    fake.faults().onAny().inject(Fault.htmlPage());
    fake.faults().onAny().inject(Fault.truncatedJson());
    fake.faults().onAny().inject(Fault.malformedJson());
    fake.faults().onAny().inject(Fault.wrongContentType());
    fake.faults().onAny().inject(Fault.emptyBody());
    fake.faults().onAny().inject(Fault.redirect(307, "/elsewhere"));
    fake.faults().onAny().inject(Fault.cutOff());

    Reply proxy = api.get(LIST);
    assertThat(proxy.status()).isEqualTo(502);
    assertThat(proxy.header("Content-Type")).isEqualTo("text/html");
    assertThat(proxy.body()).contains("<html>");
    assertThat(api.get(LIST).body()).startsWith("<!doctype html>");
    Reply truncated = api.get(LIST);
    assertThat(truncated.body()).startsWith("{\"webhook_failures\":[").doesNotEndWith("}");
    assertThatThrownBy(truncated::json).isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(api.get(LIST)::json).isInstanceOf(UncheckedIOException.class);
    Reply plain = api.get(LIST);
    assertThat(plain.header("Content-Type")).isEqualTo("text/plain");
    assertThat(plain.at("/metadata/total").asInt()).isEqualTo(10);
    Reply empty = api.get(LIST);
    assertThat(empty.status()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
    Reply redirect = api.get(LIST);
    assertThat(redirect.status()).isEqualTo(307);
    assertThat(redirect.header("Location")).isEqualTo("/elsewhere");
    assertThatThrownBy(() -> api.get(LIST)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void unknown_fields_and_enum_values_are_added_to_a_right_answer() {
    fake.failures(2);
    fake.faults().onAny().inject(Fault.unknownFields());
    fake.faults().onAny().inject(Fault.unknownEnumValues());
    Reply fields = api.get(LIST);
    assertThat(fields.at("/webhook_failures/0/addedLater").asText()).isEqualTo("value");
    assertThat(fields.at("/webhook_failures/0/status").asText()).isEqualTo("inactive");
    Reply values = api.get(LIST);
    assertThat(values.at("/webhook_failures/1/status").asText()).isEqualTo("addedLater");
    assertThat(api.get(LIST).at("/webhook_failures/0").has("addedLater")).isFalse();
  }

  @Test
  void oversized_body_is_streamed_without_a_length() throws Exception {
    long size = 20L * 1024 * 1024;
    fake.faults().on(Operation.LIST).inject(Fault.oversizedBody(size));
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(fake.baseUrl() + LIST))
                    .header("Authorization", "Bearer " + fake.apiKey())
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    long read = 0;
    try (InputStream body = response.body()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        read += n;
      }
    }
    assertThat(read).isEqualTo(size);
  }

  @Test
  void delay_outlives_a_clients_timeout_with_the_work_done() {
    String id = fake.delivery().add();
    fake.faults().on(Operation.RETRY).inject(Fault.delay(Duration.ofSeconds(30)));
    assertThatThrownBy(() -> api.sendOrFail("POST", retrigger(id), null, Duration.ofMillis(200)))
        .isInstanceOf(HttpTimeoutException.class);
    assertThat(fake.endpoint().resends(id)).isEqualTo(1);
  }

  @Test
  void occurrences_are_next_nth_every_always_and_by_id() {
    fake.faults().on(Operation.LIST).next(2).inject(Fault.status(500));
    fake.faults().on(Operation.LIST).nth(4).inject(Fault.status(501));
    fake.faults().on(Operation.LIST).every(3).inject(Fault.status(502));
    assertThat(statuses(9)).containsExactly(500, 500, 502, 501, 200, 502, 200, 200, 502);
    fake.faults().clear();
    fake.faults().onAny().always().inject(Fault.status(503));
    assertThat(statuses(3)).containsOnly(503);
    fake.faults().clear();
    String id = fake.delivery().add();
    String other = fake.delivery().add();
    fake.faults().on(Operation.RETRY).naming(id).always().inject(Fault.status(504));
    assertThat(api.post(retrigger(other)).status()).isEqualTo(200);
    assertThat(api.post(retrigger(id)).status()).isEqualTo(504);
  }

  @Test
  void probability_is_met_and_the_same_for_the_same_seed() {
    fake.faults().on(Operation.LIST).withProbability(0.3).inject(Fault.status(500));
    List<Integer> first = statuses(200);
    assertThat(first.stream().filter(status -> status == 500).count()).isBetween(35L, 85L);
    try (FakeVoiso twin = FakeVoiso.start()) {
      twin.faults().on(Operation.LIST).withProbability(0.3).inject(Fault.status(500));
      api = Api.bearer(twin);
      assertThat(statuses(200)).isEqualTo(first);
    }
  }

  private List<Integer> statuses(int count) {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      statuses.add(api.get(LIST + "?limit=1").status());
    }
    return statuses;
  }

  // The endpoint and its account

  @Test
  void endpoint_when_down_goes_up_after_deliveries_or_at_an_instant() {
    String id = fake.delivery().add();
    fake.endpoint().down(500).upAfter(2);
    retry(id);
    retry(id);
    assertThat(fake.endpoint().delivered(id)).isZero();
    retry(id);
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);

    String other = fake.delivery().add();
    fake.endpoint().down().upAt(NOW.plusSeconds(10));
    retry(other);
    clock.advance(Duration.ofSeconds(10));
    retry(other);
    assertThat(fake.endpoint().resends(other)).isEqualTo(2);
    assertThat(fake.endpoint().delivered(other)).isEqualTo(1);

    List<String> more = fake.failures(4);
    fake.endpoint().up().downAfter(2, 503);
    more.forEach(this::retry);
    assertThat(fake.endpoint().neverDelivered()).hasSize(2);
  }

  @Test
  void endpoint_when_flapping_fails_the_same_events_in_whatever_order_they_arrive() {
    List<String> ids = fake.failures(300);
    fake.endpoint().flapping(0.4, 503);
    ids.forEach(this::retry);
    List<String> failed = fake.endpoint().neverDelivered();
    assertThat(failed.size()).isBetween(80, 160);
    try (FakeVoiso twin = FakeVoiso.builder().clock(clock).start()) {
      List<String> reversed = new ArrayList<>(twin.failures(300));
      java.util.Collections.reverse(reversed);
      twin.endpoint().flapping(0.4, 503);
      api = Api.bearer(twin);
      reversed.forEach(id -> api.post(retrigger(id)));
      assertThat(twin.endpoint().neverDelivered()).isEqualTo(failed);
    }
  }

  @Test
  void endpoint_when_told_answers_one_event_or_one_webhook_apart() {
    String single = fake.delivery().add();
    String other = fake.delivery().add();
    String elsewhere = fake.delivery().webhook(fake.webhookIds().get(1)).add();
    fake.endpoint().answer(single, 404).answerWebhook(fake.webhookIds().get(1), 410);
    List.of(single, other, elsewhere).forEach(this::retry);
    assertThat(fake.endpoint().neverDelivered()).containsExactly(single, elsewhere);
    assertThatThrownBy(() -> fake.endpoint().attempts("nonsense"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nonsense");
  }

  @Test
  void account_tells_seeded_attempts_from_resends() {
    String id = fake.delivery().status(500).add();
    fake.successes(4);
    retry(id);
    assertThat(fake.endpoint().attempts(id)).isEqualTo(6);
    assertThat(fake.endpoint().resends(id)).isEqualTo(1);
    assertThat(fake.endpoint().attempts()).isEqualTo(10);
    assertThat(fake.endpoint().resends()).isEqualTo(1);
    assertThat(fake.endpoint().delivered()).isEqualTo(5);
    assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
  }

  @Test
  void account_when_many_clients_retry_at_once_is_exact() throws Exception {
    List<String> ids = fake.failures(200);
    fake.endpoint().down();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      AtomicInteger accepted = new AtomicInteger();
      List<Future<?>> all = new ArrayList<>();
      for (int round = 0; round < 5; round++) {
        for (String id : ids) {
          all.add(
              pool.submit(
                  () -> {
                    if (api.post(retrigger(id)).status() == 200) {
                      accepted.incrementAndGet();
                    }
                    fake.settle();
                  }));
        }
      }
      for (Future<?> each : all) {
        each.get();
      }
      assertThat(fake.endpoint().resends()).isEqualTo(accepted.get());
      assertThat(ids.stream().mapToInt(fake.endpoint()::resends).sum()).isEqualTo(accepted.get());
      assertThat(ids).allSatisfy(id -> assertThat(fake.retryRequests(id)).isEqualTo(5));
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(1_000);
      assertThat(fake.peakConcurrency()).isBetween(2, 8);
      assertThat(fake.peakConcurrency(Operation.RETRY)).isBetween(2, 8);
      assertThat(fake.peakConcurrency(Operation.READ)).isZero();
    } finally {
      pool.shutdownNow();
    }
  }

  // Asynchronous retries

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void retry_when_queued_settles_after_so_many_reads(int reads) {
    fake.settlesAfterReads(reads);
    String id = fake.delivery().add();
    api.post(retrigger(id));
    for (int i = 0; i < reads; i++) {
      assertThat(api.get(LIST + "/" + id).at("/webhook_failure/status").asText())
          .isEqualTo("pending");
    }
    assertThat(api.get(LIST + "/" + id).status()).isEqualTo(404);
  }

  @Test
  void retry_when_delayed_settles_when_the_clock_says_so() {
    fake.asyncDelay(Duration.ofSeconds(30));
    String id = fake.delivery().add();
    api.post(retrigger(id));
    clock.advance(Duration.ofSeconds(29));
    assertThat(api.get(LIST + "/" + id).status()).isEqualTo(200);
    assertThat(fake.endpoint().resends(id)).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(fake.endpoint().resends(id)).isEqualTo(1);
  }

  @Test
  void retry_when_the_endpoint_changes_later_met_it_as_it_was() {
    String id = fake.delivery().add();
    api.post(retrigger(id));
    fake.endpoint().down();
    assertThat(fake.endpoint().delivered(id)).isEqualTo(1);
  }

  // Requests, hooks, seeding

  @Test
  void requests_are_counted_and_the_latest_recorded_without_the_key() {
    try (FakeVoiso small = FakeVoiso.builder().recordedRequests(2).start()) {
      api = Api.bearer(small);
      String id = small.delivery().add();
      api.get("/api/v4/tasks/webhooks");
      api.get(LIST + "?limit=7&created_at%5Bgte%5D=2026-01-01T00:00:00Z");
      api.post(retrigger(id), "{}");
      assertThat(small.requestCount()).isEqualTo(3);
      assertThat(small.requestCount(Operation.WEBHOOKS)).isEqualTo(1);
      assertThat(small.requests()).hasSize(2);
      RecordedRequest list = small.requests(Operation.LIST).get(0);
      assertThat(list.query())
          .containsEntry("limit", "7")
          .containsEntry("created_at[gte]", "2026-01-01T00:00:00Z");
      RecordedRequest retry = small.requests(Operation.RETRY).get(0);
      assertThat(retry.method()).isEqualTo("POST");
      assertThat(retry.path()).isEqualTo(retrigger(id));
      assertThat(retry.ids()).containsExactly(id);
      assertThat(retry.bodySize()).isEqualTo(2);
      assertThat(retry.status()).isEqualTo(200);
      assertThat(retry.headers()).containsEntry("content-type", "application/json");
      assertThat(small.requests().toString()).doesNotContain(small.apiKey());
    }
  }

  @Test
  void hook_runs_before_each_page_and_may_change_the_rows() {
    fake.failures(100);
    fake.beforeEachPage(() -> fake.delivery().at(clock.instant()).add());
    assertThat(api.get(LIST).at("/metadata/total").asInt()).isEqualTo(101);
    assertThat(api.get(LIST).at("/metadata/total").asInt()).isEqualTo(102);
    AtomicInteger retries = new AtomicInteger();
    fake.onRequest(Operation.RETRY, retries::incrementAndGet);
    api.post(retrigger("x"));
    assertThat(retries).hasValue(1);
  }

  @Test
  void failures_lie_in_the_window_before_now() {
    try (FakeVoiso wide = FakeVoiso.builder().clock(clock).window(Duration.ofDays(2)).start()) {
      wide.failures(500);
      List<Instant> times = new ArrayList<>();
      Api all = Api.bearer(wide);
      for (int offset = 0; offset < 500; offset += 100) {
        for (JsonNode failure : all.get(LIST + "?offset=" + offset).at("/webhook_failures")) {
          times.add(Instant.parse(failure.path("last_attempt_at").asText()));
        }
      }
      assertThat(times)
          .allSatisfy(
              time ->
                  assertThat(time)
                      .isBetween(
                          NOW.minus(Duration.ofDays(2)).minusSeconds(60), NOW.minusSeconds(60)));
      assertThat(times).anyMatch(time -> time.isBefore(NOW.minus(Duration.ofHours(40))));
    }
  }

  @Test
  void traffic_meets_the_endpoint_as_it_is_and_is_no_resend() {
    fake.endpoint().down(500);
    List<String> ids = fake.traffic(5);
    assertThat(api.get(LIST).all("/webhook_failures", "id"))
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(fake.endpoint().resends()).isZero();
    fake.endpoint().up();
    fake.traffic(5);
    assertThat(fake.endpoint().delivered()).isEqualTo(5);
  }

  @Test
  void million_failures_are_seeded_in_seconds_and_paged_to_the_end() {
    long start = System.nanoTime();
    List<String> ids = fake.failures(1_000_000);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(ids).hasSize(1_000_000);
    Reply last = api.get(LIST + "?offset=999950");
    assertThat(last.at("/webhook_failures").size()).isEqualTo(50);
    assertThat(last.at("/webhook_failures/49/id").asText()).isEqualTo(ids.get(0));
    assertThat(fake.endpoint().neverDelivered()).hasSize(1_000_000);
  }
}
