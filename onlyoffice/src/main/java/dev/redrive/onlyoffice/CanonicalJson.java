package dev.redrive.onlyoffice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is {@link #write written} the same for equal values: the order of members, white space
 * and the notation of numbers and characters make no difference. Members that are null are ignored,
 * because the sender leaves them out. It is parsed without Jackson's tree, because a listing parses
 * one for each log.
 *
 * @param kind distinguishes values with the same text: object, array, string or other
 * @param text the text of a scalar, as in the JSON; null for an object or an array
 * @param canonical the text, with numbers normalized; for an array, all of its elements
 * @param members the members of an object
 */
record CanonicalJson(
    char kind, @Nullable String text, String canonical, SortedMap<String, CanonicalJson> members) {
  /** Stands for a value that is not there. */
  static final CanonicalJson MISSING = value('v', null, "");

  private static final JsonFactory JSON = new JsonFactory();
  private static final char OBJECT = '{';
  private static final char ARRAY = '[';
  private static final char STRING = 's';
  private static final char OTHER = 'v';

  /**
   * Parses a text.
   *
   * @throws IOException if it is not JSON
   */
  static CanonicalJson parse(String text) throws IOException {
    try (JsonParser json = JSON.createParser(text)) {
      return json.nextToken() == null ? MISSING : read(json);
    }
  }

  private static CanonicalJson read(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> new CanonicalJson(OBJECT, null, "", readMembers(json));
      case START_ARRAY -> value(ARRAY, null, elements(json));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value(OTHER, json.getText(), number(json));
      case VALUE_STRING -> scalar(STRING, json.getText());
      default -> scalar(OTHER, json.getText());
    };
  }

  private static CanonicalJson value(char kind, @Nullable String text, String canonical) {
    return new CanonicalJson(kind, text, canonical, Collections.emptySortedMap());
  }

  private static CanonicalJson scalar(char kind, String text) {
    return value(kind, text, text);
  }

  private static SortedMap<String, CanonicalJson> readMembers(JsonParser json) throws IOException {
    var members = new TreeMap<String, CanonicalJson>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        members.remove(name);
      } else {
        members.put(name, read(json));
      }
    }
    return members;
  }

  private static String elements(JsonParser json) throws IOException {
    var elements = new StringBuilder();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      read(json).write(elements);
    }
    return elements.toString();
  }

  private static String number(JsonParser json) throws IOException {
    String text = json.getText();
    boolean isShort = json.currentToken() == JsonToken.VALUE_NUMBER_INT && !text.endsWith("0");
    return isShort ? text : json.getDecimalValue().stripTrailingZeros().toString();
  }

  /** Returns a member; {@link #MISSING} if it is null or absent. */
  CanonicalJson get(String name) {
    return members.getOrDefault(name, MISSING);
  }

  boolean isString() {
    return kind == STRING;
  }

  void write(StringBuilder out) {
    if (kind == OBJECT) {
      out.append(OBJECT);
      members.forEach((name, member) -> member.write(name, out));
      out.append('}');
    } else if (kind == ARRAY) {
      out.append(ARRAY).append(canonical).append(']');
    } else {
      out.append(kind).append(canonical.length()).append(':').append(canonical);
    }
  }

  /** Writes it as the member of an object. */
  void write(String name, StringBuilder out) {
    out.append(name.length()).append(':').append(name);
    write(out);
  }
}
