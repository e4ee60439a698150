package dev.redrive.voiso;

import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;

/** A few routes of Voiso over a list of failures that a test holds in its hand, newest first. */
final class StubVoiso implements AutoCloseable {
  static final Instant CREATED = Instant.parse("2026-03-15T10:00:00Z");
  static final Instant ATTEMPTED = Instant.parse("2026-03-15T10:32:14Z");
  static final Instant NOW = Instant.parse("2026-03-15T12:00:00Z");

  final List<Row> rows = new ArrayList<>();
  final ManualTime time = ManualTime.of(MutableClock.at(NOW));
  boolean v1TellsTimes = true;
  Consumer<Row> onRetrigger = rows::remove;
  Runnable beforeList = () -> {};

  private final List<String> requests = new ArrayList<>();
  private final List<RecordedRequest> recorded = new ArrayList<>();
  private final Deque<MockResponse> scripted = new ArrayDeque<>();
  private final MockWebServer server = new MockWebServer();

  StubVoiso() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A failure; a test changes what it likes. */
  static final class Row {
    final String id;
    String event = "call.ended";
    String status = "inactive";
    String reason = "Connection timeout";
    String webhook = "0b97ce11-b6e0-49b4-8f92-68040aa324bf";
    Instant attempted = ATTEMPTED;
    Instant created;

    Row(String id, Instant created) {
      this.id = id;
      this.created = created;
    }

    void failAgain() {
      status = "inactive";
      attempted = attempted.plusSeconds(60);
    }
  }

  /** Adds failures with ids {@code 0001} and so on, each a second older than the one before. */
  StubVoiso withFailures(int count) {
    IntStream.range(0, count)
        .mapToObj(i -> new Row(String.format("%04x", i + 1), CREATED.minusSeconds(i)))
        .forEach(rows::add);
    return this;
  }

  Row row(String id) {
    return rows.stream().filter(row -> row.id.equals(id)).findFirst().orElseThrow();
  }

  /** Answers the next request with this instead. */
  void next(int status, String body) {
    scripted.add(new MockResponse.Builder().code(status).body(body).build());
  }

  VoisoClient.Builder builder() {
    String url = server.url("/").toString();
    return VoisoClient.builder().baseUrl(url).apiKey("k3y").account("acc").timeSource(time);
  }

  VoisoClient v4() {
    return builder().build();
  }

  VoisoClient v1() {
    return builder().apiVersion(VoisoClient.ApiVersion.V1).build();
  }

  /** The requests so far, as {@code GET /path?query}. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized long count(String prefix) {
    return requests.stream().filter(request -> request.startsWith(prefix)).count();
  }

  synchronized RecordedRequest lastRequest() {
    return recorded.get(recorded.size() - 1);
  }

  synchronized void forget() {
    requests.clear();
  }

  private synchronized MockResponse answer(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    recorded.add(request);
    requests.add(
        request.getMethod()
            + " "
            + url.encodedPath()
            + (url.query() == null ? "" : "?" + url.query()));
    if (!scripted.isEmpty()) {
      return scripted.remove();
    }
    List<String> path = url.pathSegments();
    boolean isV4 = path.get(1).equals("v4");
    int at = 3;
    if (path.size() == at + 1) {
      beforeList.run();
      return isV4 ? listV4(url) : listV1(url);
    }
    String id = path.get(at + 1);
    Row row = rows.stream().filter(each -> each.id.equals(id)).findFirst().orElse(null);
    if (row == null) {
      String text = isV4 ? "Not found" : "No failed webhook found with ID " + id;
      return json(404, "{\"error\": \"" + text + "\"}");
    }
    if (path.size() == at + 2) {
      return json(200, "{\"webhook_failure\": " + v4(row) + "}");
    }
    if (!row.status.equals("inactive")) {
      return json(409, "{\"errors\": {\"status\": [\"is not inactive\"]}}");
    }
    row.status = "pending";
    String before = v4(row);
    onRetrigger.accept(row);
    return json(
        200,
        isV4
            ? "{\"webhook_failure\": " + before + "}"
            : "{\"status\": \"success\", \"failure_id\": \"" + id + "\"}");
  }

  private MockResponse listV4(HttpUrl url) {
    List<Row> matching =
        rows.stream()
            .filter(
                row ->
                    after(row, url.queryParameter("created_at[gte]"))
                        && before(row, url.queryParameter("created_at[lt]")))
            .toList();
    int offset = Integer.parseInt(url.queryParameter("offset"));
    int limit = Integer.parseInt(url.queryParameter("limit"));
    String page =
        matching.stream().skip(offset).limit(limit).map(this::v4).collect(Collectors.joining(","));
    return json(
        200,
        "{\"webhook_failures\": ["
            + page
            + "], \"metadata\": {\"total\": "
            + matching.size()
            + "}}");
  }

  private MockResponse listV1(HttpUrl url) {
    int perPage = Integer.parseInt(url.queryParameter("per_page"));
    int skipped = (Integer.parseInt(url.queryParameter("page")) - 1) * perPage;
    String page =
        rows.stream()
            .filter(row -> row.status.equals("inactive"))
            .filter(
                row ->
                    after(row, url.queryParameter("start_date"))
                        && before(row, url.queryParameter("end_date")))
            .skip(skipped)
            .limit(perPage)
            .map(
                row ->
                    v1TellsTimes
                        ? v4(row)
                        : "{\"id\": \"" + row.id + "\", \"event\": \"" + row.event + "\"}")
            .collect(Collectors.joining(","));
    return json(200, "{\"failures\": [" + page + "]}");
  }

  private static boolean after(Row row, String bound) {
    return bound == null || !row.created.isBefore(Instant.parse(bound));
  }

  private static boolean before(Row row, String bound) {
    return bound == null || row.created.isBefore(Instant.parse(bound));
  }

  private String v4(Row row) {
    return """
        {"id": "%s", "event": "%s", "status": "%s", "reason": "%s", "new_field": {"a": [1]},
         "webhook": {"id": "%s", "name": "CRM call events"},
         "last_attempt_at": "%s", "created_at": "%s", "updated_at": "%s"}"""
        .formatted(
            row.id,
            row.event,
            row.status,
            row.reason,
            row.webhook,
            row.attempted,
            row.created,
            row.attempted);
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
