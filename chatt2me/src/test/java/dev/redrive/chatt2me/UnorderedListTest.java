package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hub that lists logs in an order of its own and tells no total. */
class UnorderedListTest extends Dispatcher {
  private static final Instant SINCE = Instant.parse("2026-03-01T12:00:00Z");
  private static final String FIRST = "00000000-0000-4000-8000-00000000000a";
  private static final String SECOND = "00000000-0000-4000-8000-00000000000b";

  private final MockWebServer server = new MockWebServer();
  private final Map<String, List<String>> logs = new HashMap<>();

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(this);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String webhook = request.getUrl().pathSegments().get(3);
    long offset = Long.parseLong(request.getUrl().queryParameter("offset"));
    long limit = Long.parseLong(request.getUrl().queryParameter("limit"));
    String rows =
        logs.get(webhook).stream().skip(offset).limit(limit).collect(Collectors.joining(","));
    return new MockResponse.Builder().body("{\"data\":[" + rows + "]}").build();
  }

  /** Failed logs of a webhook, in this order; minutes from {@link #SINCE} on. */
  private void list(String webhook, int... minutes) {
    logs.put(
        webhook,
        IntStream.range(0, minutes.length)
            .mapToObj(
                i ->
                    "{\"id\":\"%s%04d\",\"status\":\"Failed\",\"createdDate\":\"%s\"}"
                        .formatted(
                            webhook.substring(0, 32), i, SINCE.plusSeconds(60L * minutes[i])))
            .toList());
  }

  @Test
  void onePairOfLogsDoesNotTellHowOtherWebhooksAreListed() {
    list(FIRST, 9, 8);
    list(SECOND, IntStream.range(-60, 10).toArray());
    try (var client =
        Chatt2meClient.builder().apiKey("key").baseUrl(server.url("/").toString()).build()) {
      assertThat(failuresOf(client, FIRST)).isEqualTo(2);
      assertThat(failuresOf(client, SECOND)).isEqualTo(10);
    }
  }

  private static long failuresOf(Chatt2meClient client, String webhook) {
    return client.failures(DeliveryQuery.builder().webhookId(webhook).since(SINCE).build()).stream()
        .count();
  }
}
