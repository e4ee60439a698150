package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an event at a webhook by the fields that are the same in every attempt: 128 bits of a
 * SHA-256 hash, in hexadecimal, over the webhook's id, the event without its {@code id} (which is
 * the id of the log) and the payload. The order of fields, white space and the notation of numbers
 * and characters make no difference. Fields that are null are ignored, because the sender leaves
 * them out.
 *
 * <p>Two events in the same second, by the same user and with the same content have the same
 * fingerprint: the portal's records do not distinguish them.
 */
final class Fingerprint {
  private static final int BYTES = 16;

  private Fingerprint() {}

  /** Returns the fingerprint; null if the payload lacks the fields that identify an event. */
  static @Nullable String of(JsonNode event, JsonNode webhook, JsonNode payload) {
    JsonNode webhookId = webhook.path("id");
    if (!webhookId.isValueNode() || !event.path("createOn").isTextual()) {
      return null;
    }
    var text = new StringBuilder();
    write(webhookId, text);
    members(event)
        .forEach(
            (name, value) -> {
              if (!name.equals("id")) {
                write(name, value, text);
              }
            });
    write(payload, text);
    byte[] hash = sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, BYTES);
  }

  /** Whether a lineage is a fingerprint rather than the id of a log. */
  static boolean isOne(String lineage) {
    return lineage.length() == 2 * BYTES;
  }

  private static void write(String name, JsonNode value, StringBuilder out) {
    out.append(name.length()).append(':').append(name);
    write(value, out);
  }

  private static void write(JsonNode node, StringBuilder out) {
    if (node.isObject()) {
      out.append('{');
      members(node).forEach((name, value) -> write(name, value, out));
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      node.forEach(element -> write(element, out));
      out.append(']');
    } else {
      String text = node.isNumber() ? number(node) : node.asText();
      out.append(node.isTextual() ? 's' : 'v').append(text.length()).append(':').append(text);
    }
  }

  private static String number(JsonNode node) {
    return node.decimalValue().stripTrailingZeros().toString();
  }

  private static Map<String, JsonNode> members(JsonNode object) {
    var members = new TreeMap<String, JsonNode>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!member.getValue().isNull()) {
        members.put(member.getKey(), member.getValue());
      }
    }
    return members;
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
