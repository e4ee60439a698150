package dev.redrive.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer before it is turned into bytes.
 *
 * @param status the HTTP status
 * @param body the JSON, null for an empty body
 * @param headers further headers
 */
record Answer(int status, @Nullable JsonNode body, Map<String, String> headers) {
  static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  static final ObjectMapper MAPPER = new ObjectMapper();

  static Answer ok(JsonNode body) {
    return new Answer(200, body, Map.of());
  }

  static Answer of(int status, @Nullable JsonNode body) {
    return new Answer(status, body, Map.of());
  }

  Answer with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header, value);
    return new Answer(status, body, all);
  }

  static ObjectNode object() {
    return JSON.objectNode();
  }

  static String text(JsonNode json) {
    try {
      return MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
