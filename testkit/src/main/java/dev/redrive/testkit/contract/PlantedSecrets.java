package dev.redrive.testkit.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.redrive.WebhookLog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Texts that must not be shown: a key, and the signatures and payloads in records. */
final class PlantedSecrets {
  private static final int SHORTEST = 6;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Set<String> secrets = new LinkedHashSet<>();

  PlantedSecrets(String key) {
    secrets.add(key);
  }

  /** Adds what a record holds of signatures and payloads. */
  void addFrom(WebhookLog log) {
    Set<String> shown = new LinkedHashSet<>();
    shown.add(String.valueOf(log.eventType()));
    shown.add(String.valueOf(log.eventId()));
    shown.add(String.valueOf(log.webhookId()));
    shown.add(String.valueOf(log.webhookName()));
    shown.add(String.valueOf(log.endpoint()));
    List<String> found = new ArrayList<>();
    collect(parsed(log.json().text()), false, found);
    for (String text : found) {
      if (text.length() >= SHORTEST && !shown.contains(text) && !text.matches("\\d{4}-\\d\\d-.*")) {
        secrets.add(text);
      }
    }
  }

  /** All of them. */
  Set<String> all() {
    return secrets;
  }

  /** Those that a text shows. */
  List<String> shownIn(String text) {
    return secrets.stream().filter(text::contains).toList();
  }

  private static void collect(JsonNode json, boolean secret, List<String> found) {
    if (json.isTextual()) {
      JsonNode inner = parsed(json.textValue());
      if (inner.isContainerNode()) {
        collect(inner, secret, found);
      } else if (secret) {
        found.add(json.textValue());
      }
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String name = field.getKey().toLowerCase(Locale.ROOT);
      boolean below =
          secret
              || name.contains("signature")
              || name.contains("payload")
              || name.equals("requestbody");
      collect(field.getValue(), below && !name.startsWith("response"), found);
    }
    if (json.isArray()) {
      json.forEach(element -> collect(element, secret, found));
    }
  }

  private static JsonNode parsed(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
