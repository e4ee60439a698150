package dev.redrive.testkit.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.redrive.FailedDelivery;
import java.util.List;

/** Rows of a list, and what one may hold in place of what is documented. */
final class OddRow {
  static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  static final List<JsonNode> ODD_VALUES =
      List.of(
          NODES.textNode("x"),
          NODES.numberNode(99_999_999_999L),
          NODES.objectNode(),
          NODES.arrayNode(),
          NODES.booleanNode(true),
          NODES.nullNode());

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private OddRow() {}

  static JsonNode parsed(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a fake's row is JSON", e);
    }
  }

  /** Whether a row is the failure's own, that of its event, or that of its latest attempt. */
  static boolean isOf(FailedDelivery failure, JsonNode row) {
    String id = row.path("id").asText();
    return id.equals(failure.latest().logId())
        || failure.key().id().equals(id)
        || failure.key().id().startsWith(id + "/");
  }
}
