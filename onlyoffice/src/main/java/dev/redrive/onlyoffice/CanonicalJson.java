package dev.redrive.onlyoffice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is {@link #addTo hashed} the same for equal values: the order of members, white space
 * and the notation of numbers and characters make no difference. Members that are null are ignored,
 * because the sender leaves them out. It is parsed without Jackson's tree and hashed piece by
 * piece, because a listing does so for each log.
 *
 * @param kind distinguishes values with the same text: object, array, string or other
 * @param text the text of a scalar, as in the JSON; null for an object or an array
 * @param canonical the text, with numbers normalized
 * @param members the members of an object
 * @param elements the elements of an array
 */
record CanonicalJson(
    char kind,
    @Nullable String text,
    String canonical,
    SortedMap<String, CanonicalJson> members,
    List<CanonicalJson> elements) {
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
      case START_OBJECT -> new CanonicalJson(OBJECT, null, "", readMembers(json), List.of());
      case START_ARRAY ->
          new CanonicalJson(ARRAY, null, "", Collections.emptySortedMap(), readElements(json));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> value(OTHER, json.getText(), number(json));
      case VALUE_STRING -> scalar(STRING, json.getText());
      default -> scalar(OTHER, json.getText());
    };
  }

  private static CanonicalJson value(char kind, @Nullable String text, String canonical) {
    return new CanonicalJson(kind, text, canonical, Collections.emptySortedMap(), List.of());
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

  private static List<CanonicalJson> readElements(JsonParser json) throws IOException {
    var elements = new ArrayList<CanonicalJson>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      elements.add(read(json));
    }
    return elements;
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

  /** Adds it to a hash. */
  void addTo(MessageDigest hash) {
    hash.update((byte) kind);
    if (kind == OBJECT) {
      members.forEach((name, member) -> member.addTo(name, hash));
      hash.update((byte) '}');
    } else if (kind == ARRAY) {
      elements.forEach(element -> element.addTo(hash));
      hash.update((byte) ']');
    } else {
      add(canonical, hash);
    }
  }

  /** Adds it to a hash as the member of an object. */
  void addTo(String name, MessageDigest hash) {
    add(name, hash);
    addTo(hash);
  }

  /** Adds a text after its length, so that no two lists of texts are the same bytes. */
  private static void add(String text, MessageDigest hash) {
    addDigits(text.length(), hash);
    hash.update((byte) ':');
    hash.update(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void addDigits(int number, MessageDigest hash) {
    if (number > 9) {
      addDigits(number / 10, hash);
    }
    hash.update((byte) ('0' + number % 10));
  }
}
