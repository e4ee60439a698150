package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** Turns a response and its fault into what is sent. */
final class Responses {
  private static final String JSON_TYPE = "application/json; charset=utf-8";
  private static final int CHUNK = 64 * 1024;
  private static final List<JsonNode> WORDS =
      List.of(
          Answer.JSON.textNode("addedLater"), Answer.JSON.textNode("1"), Answer.JSON.numberNode(1));

  private final FakeApi api;
  private final @Nullable Answer answer;
  private final @Nullable Fault fault;

  Responses(FakeApi api, @Nullable Answer answer, @Nullable Fault fault) {
    this.api = api;
    this.fault = fault;
    this.answer = fault == null ? answer : inPlaceOf(answer, fault, api);
  }

  private static @Nullable Answer inPlaceOf(@Nullable Answer answer, Fault fault, FakeApi api) {
    if (fault.kind == Fault.Kind.ANSWER && fault.body == null) {
      return api.error(fault.status, Causes.reason(fault.status));
    }
    boolean nothingToSpoil = answer == null && fault.kind.spoils;
    return nothingToSpoil ? Answer.ok(Json.object()) : answer;
  }

  /** A connection that breaks without an answer. */
  static MockResponse closed() {
    return new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
  }

  /** The HTTP status that the client sees, 0 for none. */
  int status() {
    if (fault != null) {
      if (fault.kind == Fault.Kind.CLOSE || fault.kind == Fault.Kind.STALL) {
        return 0;
      }
      if (fault.kind == Fault.Kind.ANSWER) {
        return fault.status;
      }
    }
    return answer == null ? 0 : answer.status();
  }

  MockResponse build(Instant date) {
    if (status() == 0) {
      return closed();
    }
    MockResponse.Builder response =
        new MockResponse.Builder().code(status()).setHeader("Date", HttpDate.format(date));
    byte[] body = body();
    if (body.length > 0) {
      response.setHeader("Content-Type", JSON_TYPE);
    }
    if (answer != null) {
      answer.headers().forEach(response::setHeader);
    }
    if (fault != null) {
      fault.headers.forEach(response::setHeader);
    }
    if (fault != null && fault.kind == Fault.Kind.OVERSIZED) {
      return response
          .body(new Padded(body, fault.size))
          .removeHeader("Content-Length")
          .setHeader("Transfer-Encoding", "chunked")
          .build();
    }
    if (fault != null && fault.kind == Fault.Kind.CUT_OFF) {
      response.onResponseBody(new SocketEffect.CloseSocket());
    }
    return response.body(new okio.Buffer().write(body)).build();
  }

  private byte[] body() {
    if (fault != null && fault.body != null) {
      return fault.body.getBytes(StandardCharsets.UTF_8);
    }
    JsonNode json = answer == null ? null : answer.body();
    if (json == null) {
      return new byte[0];
    }
    if (fault == null) {
      return bytes(json);
    }
    return switch (fault.kind) {
      case EMPTY -> new byte[0];
      case TRUNCATED -> {
        byte[] whole = bytes(json);
        yield Arrays.copyOf(whole, whole.length / 2);
      }
      case UNKNOWN_FIELDS -> bytes(withUnknownFields(json.deepCopy()));
      case UNKNOWN_ENUM_VALUES ->
          bytes(new UnknownValues(api.faults().injected()).in(json.deepCopy(), api.enumFields()));
      default -> bytes(json);
    };
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return Answer.MAPPER.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode withUnknownFields(JsonNode json) {
    json.forEach(Responses::withUnknownFields);
    if (json instanceof ObjectNode object) {
      object.put("addedLater", "value");
      object.putObject("addedLaterToo").putArray("list").add(1).addNull().addObject();
    }
    return json;
  }

  /** Unknown enum values, a different one each time. */
  private static final class UnknownValues {
    private int next;

    private UnknownValues(int first) {
      this.next = first;
    }

    private JsonNode in(JsonNode json, Set<String> fields) {
      json.forEach(child -> in(child, fields));
      if (json instanceof ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
          if (fields.contains(name) && object.path(name).isTextual()) {
            object.set(name, WORDS.get(next++ % WORDS.size()));
          } else if (fields.contains(name) && object.path(name).isIntegralNumber()) {
            object.put(name, 1L << 40);
          }
        }
      }
      return json;
    }
  }

  /** A body with blanks after it, in chunks. */
  private static final class Padded implements MockResponseBody {
    private final byte[] start;
    private final long size;

    private Padded(byte[] start, long size) {
      this.start = start;
      this.size = size;
    }

    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      byte[] blanks = new byte[CHUNK];
      Arrays.fill(blanks, (byte) ' ');
      write(sink, start, start.length);
      for (long left = size - start.length; left > 0; left -= CHUNK) {
        write(sink, blanks, (int) Math.min(left, CHUNK));
      }
      // The server writes the trailers, and with them the last empty line.
      sink.writeUtf8("0\r\n");
    }

    private static void write(BufferedSink sink, byte[] bytes, int length) throws IOException {
      if (length > 0) {
        sink.writeHexadecimalUnsignedLong(length).writeUtf8("\r\n");
        sink.write(bytes, 0, length).writeUtf8("\r\n");
      }
    }
  }
}
