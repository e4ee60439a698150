package dev.redrive.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists the failed logs of Chatt2.me: all fields that the client reads, both times parsed. */
final class Chatt2meLoop extends HandWrittenLoop {
  private static final ObjectReader ROWS = JSON.readerFor(Row.class);
  private static final int PAGE = 50;

  Chatt2meLoop(FakeProcess.Address address) {
    super(address.baseUrl() + "/v1/organization/webhook", "x-api-key", address.apiKey());
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Row(
      String id,
      String webhookId,
      @Nullable Integer statusCode,
      @Nullable String responseBody,
      String status,
      String sendAt,
      String createdDate,
      @Nullable String messageId,
      @Nullable Boolean isDeleted,
      @Nullable Webhook webhook) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Webhook(String id, String endpoint, String eventType) {}

  record Failed(Row row, Instant createdAt, Instant sentAt, ByteBuffer json) {}

  @Override
  int run() throws IOException {
    int count = 0;
    for (JsonNode webhook : JSON.readTree(get("?limit=50")).get("data")) {
      String logs = "/" + webhook.get("id").asText() + "/webhook-log?status=Failed&limit=" + PAGE;
      List<Failed> page = read(get(logs));
      for (int offset = PAGE; !page.isEmpty(); offset += PAGE) {
        for (Failed failed : page) {
          count += failed.createdAt() == null ? 0 : 1;
        }
        page = read(get(logs + "&offset=" + offset));
      }
    }
    return count;
  }

  private static List<Failed> read(byte[] page) throws IOException {
    List<Failed> logs = new ArrayList<>(PAGE);
    for (Recorded<Row> recorded : HandWrittenLoop.<Row>rows(page, ROWS)) {
      Row row = recorded.row();
      Instant createdAt = Instant.parse(row.createdDate());
      logs.add(new Failed(row, createdAt, Instant.parse(row.sendAt()), recorded.json()));
    }
    return logs;
  }
}
