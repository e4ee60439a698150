package dev.redrive.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the failed logs of ONLYOFFICE: all fields that the client reads, those of the JSON inside
 * {@code requestPayload} too, all times parsed. It does not name the event, as the client does.
 */
final class OnlyOfficeLoop extends HandWrittenLoop {
  private static final ObjectReader ROWS = JSON.readerFor(Row.class);
  private static final ObjectReader PAYLOADS = JSON.readerFor(Payload.class);
  private static final int PAGE = 100;

  OnlyOfficeLoop(FakeProcess.Address address) {
    super(
        address.baseUrl() + "/api/2.0/settings/webhooks/log?groupStatus=29&count=" + PAGE,
        "Authorization",
        "Bearer " + address.apiKey());
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Row(
      int id,
      String configName,
      long trigger,
      String creationTime,
      @Nullable String route,
      String requestPayload,
      @Nullable String responsePayload,
      int status,
      @Nullable String delivery,
      @Nullable Integer attempts,
      @Nullable String nextAttemptOn) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Payload(Event event, Content payload, Webhook webhook) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Event(String id, String createOn, String trigger) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Content(String id) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Webhook(String id, String name, String url, @Nullable String retryOn) {}

  record Failed(
      Row row,
      Payload payload,
      @Nullable Instant createdAt,
      @Nullable Instant happenedAt,
      @Nullable Instant deliveredAt,
      ByteBuffer json) {}

  @Override
  int run() throws IOException {
    int count = 0;
    List<Failed> page = read(get(""));
    for (int offset = PAGE; !page.isEmpty(); offset += PAGE) {
      for (Failed failed : page) {
        count += failed.createdAt() == null ? 0 : 1;
      }
      page = read(get("&startIndex=" + offset));
    }
    return count;
  }

  private static List<Failed> read(byte[] page) throws IOException {
    List<Failed> logs = new ArrayList<>(PAGE);
    for (Recorded<Row> recorded : HandWrittenLoop.<Row>rows(page, ROWS)) {
      Row row = recorded.row();
      Payload payload = PAYLOADS.readValue(row.requestPayload());
      logs.add(
          new Failed(
              row,
              payload,
              time(row.creationTime()),
              time(payload.event().createOn()),
              time(row.delivery()),
              recorded.json()));
    }
    return logs;
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }
}
