package dev.redrive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A provider's JSON, word for word, decoded only when asked for: it may hold payloads and
 * signatures, so {@link #toString} tells its size alone.
 */
public final class JsonText {
  /** No JSON: for logs that do not come straight from a provider's answer. */
  public static final JsonText NONE = new JsonText(new byte[0], 0, 0);

  private final byte[] source;
  private final int start;
  private final int end;

  private JsonText(byte[] source, int start, int end) {
    this.source = source;
    this.start = start;
    this.end = end;
  }

  /** Wraps {@code json}. */
  public static JsonText of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new JsonText(bytes, 0, bytes.length);
  }

  /**
   * The part of a UTF-8 answer from {@code start} to before {@code end}, in bytes; the array is
   * shared, not copied, and must not change.
   */
  public static JsonText slice(byte[] utf8, int start, int end) {
    if (start < 0 || end < start || end > utf8.length) {
      throw new IndexOutOfBoundsException(start + ".." + end + " of " + utf8.length);
    }
    return new JsonText(utf8, start, end);
  }

  /** The JSON; empty for {@link #NONE}. */
  public String text() {
    return new String(source, start, end - start, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonText that
        && Arrays.equals(source, start, end, that.source, that.start, that.end);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + source[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return "JSON of " + (end - start) + " bytes";
  }
}
