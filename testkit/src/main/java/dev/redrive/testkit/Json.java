package dev.redrive.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object. Its fields keep the order in which they are put.
 *
 * <pre>{@code
 * Json.object()
 *     .put("id", log.id)
 *     .put("responseBody", null)
 *     .put("webhook", Json.object().put("id", webhook.id()))
 * }</pre>
 */
public final class Json {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final ObjectNode fields = Answer.object();

  private Json() {}

  /** An object without fields. */
  public static Json object() {
    return new Json();
  }

  /**
   * Puts a field.
   *
   * @param value a text, a number, a boolean, another object, a collection of these, or null, which
   *     becomes JSON's {@code null}
   */
  public Json put(String name, @Nullable Object value) {
    fields.set(name, node(value));
    return this;
  }

  /** Puts a field unless the value is null: JSON without the field is not JSON with a null. */
  public Json putIfPresent(String name, @Nullable Object value) {
    return value == null ? this : put(name, value);
  }

  /** A time as {@code 2026-01-31T12:00:00.000Z}, as most APIs write it. */
  public static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** The part of a list that begins at an offset, which may lie behind its end. */
  public static <R> List<Json> page(
      List<R> rows, long offset, int limit, Function<? super R, Json> json) {
    int from = (int) Math.min(offset, rows.size());
    int to = (int) Math.min((long) from + limit, rows.size());
    return rows.subList(from, to).stream().map(json).toList();
  }

  /** The object as text, for JSON inside a JSON text. */
  public String text() {
    try {
      return Answer.MAPPER.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static JsonNode node(@Nullable Object value) {
    if (value == null) {
      return Answer.JSON.nullNode();
    }
    if (value instanceof Json object) {
      return object.fields;
    }
    if (value instanceof String text) {
      return Answer.JSON.textNode(text);
    }
    if (value instanceof Boolean flag) {
      return Answer.JSON.booleanNode(flag);
    }
    if (value instanceof Collection<?> elements) {
      ArrayNode array = Answer.JSON.arrayNode();
      elements.forEach(element -> array.add(node(element)));
      return array;
    }
    if (value instanceof Number number) {
      return Answer.MAPPER.valueToTree(number);
    }
    throw new IllegalArgumentException(value.getClass() + " has no JSON form");
  }
}
