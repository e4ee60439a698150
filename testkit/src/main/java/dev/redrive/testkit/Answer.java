package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The response of a fake to a request: a status, an optional JSON body, and headers. Immutable. */
public final class Answer {
  static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  static final ObjectMapper MAPPER = new ObjectMapper();

  private final int status;
  private final @Nullable JsonNode body;
  private final Map<String, String> headers;

  private Answer(int status, @Nullable JsonNode body, Map<String, String> headers) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  /**
   * Returns a 200 response.
   *
   * @param json a {@link Json} object, or whatever {@link Json#put} takes
   */
  public static Answer ok(@Nullable Object json) {
    return of(200, json);
  }

  /**
   * Returns a response with any status and a JSON body.
   *
   * @param json a {@link Json} object, or whatever {@link Json#put} takes
   */
  public static Answer of(int status, @Nullable Object json) {
    return new Answer(status, Json.node(json), Map.of());
  }

  /** Returns a response with any status and no body. */
  public static Answer empty(int status) {
    return new Answer(status, null, Map.of());
  }

  /** Returns a copy with one more header. */
  public Answer with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Answer(status, body, all);
  }

  int status() {
    return status;
  }

  /** Returns the JSON; null for an empty body. */
  @Nullable JsonNode body() {
    return body;
  }

  Map<String, String> headers() {
    return headers;
  }

  static ObjectNode object() {
    return JSON.objectNode();
  }
}
