package dev.redrive.systemtests.prism;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Some paths of a large OpenAPI file, with what they refer to. */
final class OpenApiSubset {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonNode whole;
  private final ObjectNode part = MAPPER.createObjectNode();
  private final Set<String> copied = new HashSet<>();

  private OpenApiSubset(JsonNode whole, Predicate<String> paths) {
    this.whole = whole;
    for (String field : new String[] {"openapi", "info", "servers"}) {
      part.set(field, whole.get(field));
    }
    ObjectNode kept = part.putObject("paths");
    whole
        .get("paths")
        .properties()
        .forEach(
            path -> {
              if (paths.test(path.getKey())) {
                kept.set(path.getKey(), path.getValue());
              }
            });
    copyReferred(kept.deepCopy());
  }

  /** Reads the file and keeps the paths that {@code paths} picks. */
  static OpenApiSubset of(Path file, Predicate<String> paths) {
    try {
      return new OpenApiSubset(MAPPER.readTree(file.toFile()), paths);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copyReferred(JsonNode node) {
    JsonNode reference = node.get("$ref");
    if (reference != null && copied.add(reference.asText())) {
      JsonPointer target = JsonPointer.compile(reference.asText().substring(1));
      JsonNode value = whole.at(target);
      ObjectNode place = part;
      for (JsonPointer at = target; at.tail() != null && !at.tail().matches(); at = at.tail()) {
        place = place.withObjectProperty(at.getMatchingProperty());
      }
      place.set(target.last().getMatchingProperty(), value);
      copyReferred(value.deepCopy());
    }
    node.forEach(this::copyReferred);
  }

  /** Takes something out. */
  OpenApiSubset without(String pointer) {
    JsonPointer at = JsonPointer.compile(pointer);
    if (!(part.at(at.head()) instanceof ObjectNode parent)
        || parent.remove(at.last().getMatchingProperty()) == null) {
      throw new AssertionError("the specification has no " + pointer);
    }
    return this;
  }

  /** Writes the part. */
  Path write(Path file) {
    try {
      MAPPER.writeValue(file.toFile(), part);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
