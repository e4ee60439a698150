package dev.redrive.baanx;

import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** Answers what a test says, word for word, and 404 to the rest; notes what was asked. */
final class StubBaanx implements AutoCloseable {
  static final String KEY = "token-of-the-test";

  private final MockWebServer server = new MockWebServer();
  private final Map<String, Deque<MockResponse>> answers = new LinkedHashMap<>();
  private final List<RecordedRequest> requests = new ArrayList<>();
  final ManualTime time = ManualTime.of(MutableClock.at(Instant.parse("2025-12-29T12:00:00Z")));

  StubBaanx() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            synchronized (requests) {
              requests.add(request);
              return next(request.getMethod() + " " + request.getTarget());
            }
          }
        });
    try {
      server.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private MockResponse next(String methodAndTarget) {
    Deque<MockResponse> left = answers.get(methodAndTarget);
    if (left == null) {
      return json(404, "{\"message\":\"Not found\"}");
    }
    return left.size() > 1 ? left.remove() : left.element();
  }

  BaanxClient client() {
    return builder().build();
  }

  BaanxClient.Builder builder() {
    return BaanxClient.builder()
        .apiKey(KEY)
        .baseUrl(server.url("/").toString())
        .account("test")
        .timeSource(time)
        .requestTimeout(Duration.ofSeconds(5));
  }

  StubBaanx answer(String methodAndTarget, String json) {
    return answer(methodAndTarget, json(200, json));
  }

  StubBaanx answer(String methodAndTarget, MockResponse response) {
    synchronized (requests) {
      answers.put(methodAndTarget, new ArrayDeque<>(List.of(response)));
    }
    return this;
  }

  /** One after the other, the last one for ever. */
  void answers(String methodAndTarget, String... json) {
    synchronized (requests) {
      answers.put(
          methodAndTarget,
          Stream.of(json)
              .map(body -> json(200, body))
              .collect(Collectors.toCollection(ArrayDeque::new)));
    }
  }

  /** The list of failed events. */
  StubBaanx failed(long total, String... events) {
    return answer("GET /v1/webhooks/events?status=failed&limit=100", Json.events(total, events));
  }

  /** The log of an event whose status is {@code failed}. */
  StubBaanx eventLog(String eventId, String... attempts) {
    return eventLogIn("failed", eventId, attempts);
  }

  StubBaanx eventLogIn(String status, String eventId, String... attempts) {
    return answer(
        "GET /v1/webhooks/events/" + eventId + "/logs",
        "{\"event\":"
            + Json.event(eventId, status)
            + ",\"logs\":["
            + String.join(",", attempts)
            + "]}");
  }

  /** Method and target of every request so far. */
  List<String> asked() {
    synchronized (requests) {
      return requests.stream().map(r -> r.getMethod() + " " + r.getTarget()).toList();
    }
  }

  List<RecordedRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  void forget() {
    synchronized (requests) {
      requests.clear();
    }
  }

  static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
