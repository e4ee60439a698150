package acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Fault;
import dev.redrive.testkit.MutableClock;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The testkit as someone uses it for an API of their own. */
class FakeAcmeTest {
  private final MutableClock clock = MutableClock.at(Instant.parse("2026-03-01T12:00:00Z"));
  private final FakeAcme fake =
      FakeAcme.builder().callsPerMinute(20).clock(clock).webhooks(2).start();

  @AfterEach
  void stop() {
    fake.close();
  }

  private HttpResponse<String> send(String method, String path, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(fake.baseUrl() + path))
            .header("Authorization", "Bearer " + fake.apiKey())
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String get(String path) {
    return send("GET", path, "").body();
  }

  @Test
  void routes_answer_json_and_retries_are_counted_and_delivered() {
    List<String> ids = fake.failures(25);
    fake.successes(5);

    String first = get("/v2/attempts");
    assertThat(first)
        .startsWith("{\"attempts\":[{\"id\":\"" + ids.get(24) + "\",\"state\":\"failed\"");
    String next = first.substring(first.indexOf("\"next\":\"") + 8, first.length() - 2);
    assertThat(get("/v2/attempts?cursor=" + next))
        .startsWith("{\"attempts\":[{\"id\":\"" + ids.get(14) + "\",\"state\":\"failed\"");
    fake.settlesAfterReads(1);
    assertThat(send("POST", "/v2/attempts/" + ids.get(0) + "/resend", "").statusCode())
        .isEqualTo(202);
    assertThat(get("/v2/attempts/" + ids.get(0))).contains("\"state\":\"failed\"");
    assertThat(get("/v2/attempts/" + ids.get(0))).contains("\"state\":\"ok\"");
    assertThat(fake.retryRequests(ids.get(0))).isEqualTo(1);
    assertThat(fake.endpoint().resends(ids.get(0))).isEqualTo(1);
    assertThat(fake.endpoint().neverDelivered()).hasSize(24);
    assertThat(fake.webhookIds()).hasSize(2);
  }

  @Test
  void batches_name_their_deliveries_and_may_be_refused() {
    List<String> ids = fake.failures(2);
    String all = "{\"ids\":[\"" + String.join("\",\"", ids) + "\",\"x\"]}";
    fake.faults().on(Operation.RETRY).naming(ids.get(1)).inject(Fault.status(503));

    HttpResponse<String> failed = send("POST", "/v2/attempts/resend", all);
    assertThat(failed.statusCode()).isEqualTo(503);
    assertThat(failed.body()).isEqualTo("{\"problem\":\"Service Unavailable\"}");
    assertThat(send("POST", "/v2/attempts/resend", all).body())
        .isEqualTo("{\"queued\":[\"" + String.join("\",\"", ids) + "\"]}");
    assertThat(fake.requests(Operation.RETRY).get(0).ids())
        .containsExactly(ids.get(0), ids.get(1), "x");
    assertThat(send("POST", "/v2/attempts/resend", "{}").body())
        .isEqualTo("{\"problem\":\"ids must not be empty\"}");
    fake.settle();
    assertThat(fake.endpoint().resends()).isEqualTo(2);
  }

  @Test
  void limits_refuse_and_unknown_paths_are_404() {
    assertThat(send("PATCH", "/v2/attempts/x", "{}").statusCode()).isEqualTo(204);
    assertThat(send("PATCH", "/v2/attempts", "{}").statusCode()).isEqualTo(404);
    for (int i = 2; i < 20; i++) {
      assertThat(send("GET", "/v2/attempts", "").statusCode()).isEqualTo(200);
    }
    HttpResponse<String> refused = send("GET", "/v2/attempts", "");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("60");
    clock.advance(Duration.ofMinutes(1));
    assertThat(send("GET", "/v2/attempts", "").statusCode()).isEqualTo(200);
  }

  @Test
  void traffic_and_faults_work_as_in_any_fake() {
    fake.endpoint().down(500);
    assertThat(fake.traffic(3)).hasSize(3);
    fake.faults().on(Operation.LIST).inject(Fault.unknownEnumValues());
    assertThat(get("/v2/attempts")).contains("\"state\":\"addedLater\"");
    assertThat(fake.endpoint().attempts()).isEqualTo(3);
    assertThat(fake.endpoint().delivered()).isZero();
    assertThat(fake.stillTrying(2)).isEmpty();
  }
}
