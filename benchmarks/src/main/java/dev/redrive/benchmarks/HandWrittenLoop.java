package dev.redrive.benchmarks;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * What one would write by hand to list failed logs with OkHttp and Jackson, and with care: data
 * binding straight from the bytes, and each record's JSON kept as a slice of them.
 */
abstract class HandWrittenLoop {
  static final ObjectMapper JSON = new ObjectMapper();

  private final OkHttpClient http = new OkHttpClient();
  private final String url;
  private final String header;
  private final String credentials;

  HandWrittenLoop(String url, String header, String credentials) {
    this.url = url;
    this.header = header;
    this.credentials = credentials;
  }

  /** How many failed logs there are. */
  abstract int run() throws IOException;

  /** A row, and its JSON as a slice of its page. */
  record Recorded<R>(R row, ByteBuffer json) {}

  /** The rows of a page: of its first array. */
  static <R> List<Recorded<R>> rows(byte[] page, ObjectReader reader) throws IOException {
    List<Recorded<R>> rows = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(page)) {
      while (parser.nextToken() != JsonToken.START_ARRAY) {
        // On to the rows.
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        R row = reader.readValue(parser);
        int end = (int) parser.currentLocation().getByteOffset();
        rows.add(new Recorded<>(row, ByteBuffer.wrap(page, start, end - start)));
      }
    }
    return rows;
  }

  final byte[] get(String path) throws IOException {
    Request request = new Request.Builder().url(url + path).header(header, credentials).build();
    try (Response response = http.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("the fake answered " + response.code());
      }
      return response.body().bytes();
    }
  }
}
