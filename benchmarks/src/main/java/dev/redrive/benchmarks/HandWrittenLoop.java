package dev.redrive.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What one would write by hand to list failed logs with OkHttp and Jackson, and with care: data
 * binding straight from the bytes, and each record's JSON kept as a slice of them.
 */
final class HandWrittenLoop {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectReader ROWS = JSON.readerFor(Row.class);
  private static final int PAGE = 50;

  private final OkHttpClient http = new OkHttpClient();
  private final FakeProcess.Address address;

  HandWrittenLoop(FakeProcess.Address address) {
    this.address = address;
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Row(
      String id,
      String webhookId,
      @Nullable Integer statusCode,
      @Nullable JsonNode responseBody,
      String status,
      String sendAt,
      String createdDate,
      @Nullable String messageId,
      @Nullable Boolean isDeleted,
      @Nullable Webhook webhook) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Webhook(String id, String endpoint, String eventType) {}

  /** A failed log, its times read, its JSON at hand as a slice of the page. */
  record Failed(Row row, Instant createdAt, Instant sentAt, ByteBuffer json) {}

  /** How many failed logs there are. */
  int run() {
    try {
      int count = 0;
      JsonNode webhooks = JSON.readTree(get("?limit=50")).get("data");
      for (JsonNode webhook : webhooks) {
        String logs = "/" + webhook.get("id").asText() + "/webhook-log?status=Failed&limit=50";
        List<Failed> page = read(get(logs));
        for (int offset = PAGE; !page.isEmpty(); offset += PAGE) {
          for (Failed failed : page) {
            count += failed.createdAt() == null ? 0 : 1;
          }
          page = read(get(logs + "&offset=" + offset));
        }
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Failed> read(byte[] page) throws IOException {
    List<Failed> rows = new ArrayList<>(PAGE);
    try (JsonParser parser = JSON.createParser(page)) {
      while (parser.nextToken() != JsonToken.START_ARRAY) {
        // On to the rows.
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        Row row = ROWS.readValue(parser);
        int end = (int) parser.currentLocation().getByteOffset();
        ByteBuffer json = ByteBuffer.wrap(page, start, end - start);
        rows.add(
            new Failed(row, Instant.parse(row.createdDate()), Instant.parse(row.sendAt()), json));
      }
    }
    return rows;
  }

  private byte[] get(String path) throws IOException {
    Request request =
        new Request.Builder()
            .url(address.baseUrl() + "/v1/organization/webhook" + path)
            .header("x-api-key", address.apiKey())
            .build();
    try (Response response = http.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("the fake answered " + response.code());
      }
      return response.body().bytes();
    }
  }
}
