package dev.redrive.onlyoffice;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as bytes that are the same for equal values: the order of members, white space and
 * the notation of numbers and characters make no difference. Members that are null are left out,
 * because the sender leaves them out. The bytes are written while the JSON is read, without a tree,
 * because a listing does so for each log.
 */
final class CanonicalJson {
  private static final int FIRST_CAPACITY = 512;
  private static final int ASCII_END = 0x80;
  private static final int MOST_BYTES_OF_A_CHARACTER = 3;
  private static final int MOST_BYTES_OF_A_LENGTH = 11;
  private static final Comparator<Member> BY_NAME = Comparator.comparing(Member::name);

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  /** Chooses what is written of an object. */
  @FunctionalInterface
  interface Selection {
    Selection EVERYTHING = name -> Selection.EVERYTHING;

    /**
     * Looks at a member. The parser is at its value, which must not be passed.
     *
     * @return what to write of the value; null to leave the member out
     */
    @Nullable Selection of(String name) throws IOException;
  }

  /** Where a member of an object is in the bytes. */
  private record Member(String name, int start, int end) {}

  private CanonicalJson() {}

  /** Reads the value that a parser is at. */
  static CanonicalJson read(JsonParser json, Selection selection) throws IOException {
    var canonical = new CanonicalJson();
    canonical.add(json, selection);
    return canonical;
  }

  /** Adds the bytes to a hash. */
  void addTo(MessageDigest hash) {
    hash.update(bytes, 0, size);
  }

  private void add(JsonParser json, Selection selection) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT -> {
        add('{');
        addMembers(json, selection);
        add('}');
      }
      case START_ARRAY -> {
        add('[');
        while (json.nextToken() != JsonToken.END_ARRAY) {
          add(json, Selection.EVERYTHING);
        }
        add(']');
      }
      case VALUE_STRING -> {
        add('s');
        addText(json);
      }
      default -> {
        add('v');
        addScalar(json);
      }
    }
  }

  private void addMembers(JsonParser json, Selection selection) throws IOException {
    var members = new ArrayList<Member>();
    int first = size;
    boolean isSorted = true;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      int start = size;
      String name = json.currentName();
      addText(json);
      JsonToken value = json.nextToken();
      Selection selected = selection.of(name);
      if (selected == null || value == JsonToken.VALUE_NULL) {
        json.skipChildren();
        size = start;
      } else {
        add(json, selected);
      }
      var member = new Member(name, start, size);
      isSorted &= members.isEmpty() || BY_NAME.compare(last(members), member) <= 0;
      members.add(member);
    }
    if (!isSorted) {
      members.sort(BY_NAME);
      arrange(members, first);
    }
  }

  private static Member last(List<Member> members) {
    return members.get(members.size() - 1);
  }

  /** Puts the members that were written from {@code first} on into the order of the list. */
  private void arrange(List<Member> members, int first) {
    int end = size;
    makeRoom(end - first);
    for (Member member : members) {
      int length = member.end() - member.start();
      System.arraycopy(bytes, member.start(), bytes, size, length);
      size += length;
    }
    System.arraycopy(bytes, end, bytes, first, end - first);
    size = end;
  }

  private void addScalar(JsonParser json) throws IOException {
    if (!json.currentToken().isNumeric() || isNormal(json)) {
      addText(json);
    } else {
      char[] number = json.getDecimalValue().stripTrailingZeros().toString().toCharArray();
      addText(number, 0, number.length);
    }
  }

  /** Whether a number is an integer without trailing zeros, as most are. */
  private static boolean isNormal(JsonParser json) throws IOException {
    int last = json.getTextOffset() + json.getTextLength() - 1;
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getTextCharacters()[last] != '0';
  }

  private void addText(JsonParser json) throws IOException {
    addText(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
  }

  /** Adds a text after its length, so that no two lists of texts are the same bytes. */
  private void addText(char[] text, int start, int length) {
    makeRoom(MOST_BYTES_OF_A_LENGTH + length * MOST_BYTES_OF_A_CHARACTER);
    addDigits(length);
    add(':');
    byte[] out = bytes;
    int end = size;
    for (int i = start; i < start + length; i++) {
      char c = text[i];
      if (c >= ASCII_END) {
        out[end++] = (byte) ASCII_END;
        out[end++] = (byte) (c >> Byte.SIZE);
      }
      out[end++] = (byte) c;
    }
    size = end;
  }

  private void addDigits(int number) {
    if (number > 9) {
      addDigits(number / 10);
    }
    add('0' + number % 10);
  }

  private void add(int ascii) {
    makeRoom(1);
    bytes[size++] = (byte) ascii;
  }

  private void makeRoom(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
