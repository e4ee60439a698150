package dev.redrive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A provider's JSON, word for word, decoded only when asked for: it may hold payloads and
 * signatures, so {@link #toString} tells its size alone.
 */
public final class JsonText {
  /** No JSON: for logs that do not come straight from a provider's answer. */
  public static final JsonText NONE = new JsonText(new byte[0]);

  private final byte[] utf8;

  private JsonText(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Wraps {@code json}. */
  public static JsonText of(String json) {
    return new JsonText(json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The part of a UTF-8 answer from {@code start} to before {@code end}, in bytes. It is copied: a
   * kept row must not hold its whole page in memory.
   *
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public static JsonText slice(byte[] utf8, int start, int end) {
    if (start < 0 || end < start || end > utf8.length) {
      throw new IndexOutOfBoundsException(start + ".." + end + " of " + utf8.length);
    }
    return new JsonText(Arrays.copyOfRange(utf8, start, end));
  }

  /** The JSON; empty for {@link #NONE}. */
  public String text() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonText that && Arrays.equals(utf8, that.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  @Override
  public String toString() {
    return "JSON of " + utf8.length + " bytes";
  }
}
