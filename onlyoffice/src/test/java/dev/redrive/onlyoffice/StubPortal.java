package dev.redrive.onlyoffice;

import dev.redrive.FailedDelivery;
import dev.redrive.testkit.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** A portal whose logs a test writes, and whose answers to retries it dictates. */
final class StubPortal extends Dispatcher implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final List<Log> logs = new ArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private Function<String, MockResponse> retries = body -> error(500, "not expected");
  private @Nullable MockResponse lists;
  private Runnable onRequest = () -> {};
  private String webhooks = "[]";
  private String triggers = "[]";

  StubPortal() throws IOException {
    server.setDispatcher(this);
    server.start();
  }

  @Override
  public void close() {
    server.close();
  }

  String url() {
    return server.url("/").toString();
  }

  OnlyOfficeClient.Builder client(ManualTime time) {
    return OnlyOfficeClient.builder()
        .baseUrl(url())
        .apiKey("sk-secret")
        .account("portal")
        .timeSource(time);
  }

  synchronized void add(Log... added) {
    logs.addAll(List.of(added));
    logs.sort(Comparator.comparing((Log log) -> log.id).reversed());
  }

  /** Adds other events' successes, with ids from {@code from} to before {@code to}. */
  void addSuccesses(int from, int to) {
    add(IntStream.range(from, to).mapToObj(i -> Log.succeeded(i, i)).toArray(Log[]::new));
  }

  synchronized void remove(int id) {
    logs.removeIf(log -> log.id == id);
  }

  synchronized Log log(int id) {
    return logs.stream().filter(log -> log.id == id).findFirst().orElseThrow();
  }

  /** What the portal lists for {@code ids} as failed. */
  List<FailedDelivery> failed(OnlyOfficeClient client, Integer... ids) {
    List<String> wanted = Stream.of(ids).map(String::valueOf).toList();
    List<FailedDelivery> listed = client.failures(dev.redrive.DeliveryQuery.all()).toList();
    requests.clear();
    return wanted.stream()
        .map(id -> listed.stream().filter(d -> d.key().id().equals(id)).findFirst().orElseThrow())
        .toList();
  }

  void answerRetries(Function<String, MockResponse> answer) {
    retries = answer;
  }

  void answerRetriesWith(Log... queued) {
    String rows = Stream.of(queued).map(Log::json).collect(Collectors.joining(","));
    retries =
        body -> ok("{\"response\":[" + rows + "],\"count\":1,\"status\":0,\"statusCode\":200}");
  }

  /** Answers every list of logs with this instead. */
  void answerLists(MockResponse answer) {
    lists = answer;
  }

  void loseAnswers() {
    retries =
        body ->
            new MockResponse.Builder()
                .onResponseStart(SocketEffect.ShutdownConnection.INSTANCE)
                .build();
  }

  void onRequest(Runnable action) {
    onRequest = action;
  }

  void listWebhooks(String json) {
    webhooks = json;
  }

  void listTriggers(String json) {
    triggers = json;
  }

  /** Every request so far: method, path with query, and the body. */
  List<String> requests() {
    return requests;
  }

  static MockResponse ok(String body) {
    return new MockResponse.Builder()
        .code(200)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  static MockResponse error(int status, String message) {
    return new MockResponse.Builder()
        .code(status)
        .body(
            "{\"error\":{\"message\":\""
                + message
                + "\",\"type\":\"System.Exception\",\"stack\":\"   at ASC.Secret.Place()\"},"
                + "\"status\":1,\"statusCode\":"
                + status
                + "}")
        .build();
  }

  @Override
  public synchronized MockResponse dispatch(RecordedRequest request) {
    String body = request.getBody() == null ? "" : request.getBody().utf8();
    HttpUrl url = request.getUrl();
    onRequest.run();
    String query = url.query() == null ? "" : "?" + url.query();
    requests.add((request.getMethod() + " " + url.encodedPath() + query + " " + body).trim());
    if (!"Bearer sk-secret".equals(request.getHeaders().get("Authorization"))) {
      return new MockResponse.Builder().code(401).build();
    }
    return switch (url.encodedPath()) {
      case "/api/2.0/settings/webhooks/log" -> lists == null ? list(url) : lists;
      case "/api/2.0/settings/webhook" -> ok("{\"response\":" + webhooks + "}");
      case "/api/2.0/settings/webhook/triggers" -> ok("{\"response\":" + triggers + "}");
      default -> retries.apply(body);
    };
  }

  private MockResponse list(HttpUrl url) {
    String group = url.queryParameter("groupStatus");
    String config = url.queryParameter("configId");
    String id = url.queryParameter("eventId");
    String start = url.queryParameter("startIndex");
    List<Log> rows =
        logs.stream()
            .filter(log -> group == null || log.status() < 200 || log.status() >= 300)
            .filter(log -> config == null || config.equals(String.valueOf(log.webhook)))
            .filter(log -> id == null || id.equals(String.valueOf(log.id)))
            .toList();
    String page =
        rows.stream()
            .skip(start == null ? 0 : Long.parseLong(start))
            .limit(Long.parseLong(url.queryParameter("count")))
            .map(Log::json)
            .collect(Collectors.joining(","));
    return ok("{\"response\":[" + page + "],\"count\":1,\"total\":" + rows.size() + "}");
  }
}
