package dev.redrive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A provider's JSON, verbatim. It may contain payloads and signatures, so {@link #toString} shows
 * its size only. Immutable; two texts with the same bytes are equal.
 */
public final class JsonText {
  /** No JSON: for logs that were not read from a provider's response. */
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
   * Copies the bytes of a UTF-8 response from {@code start} to {@code end}, exclusive. It copies
   * because a row that is kept must not keep its whole page in memory.
   *
   * @throws IndexOutOfBoundsException if the range is not in the array
   */
  public static JsonText slice(byte[] utf8, int start, int end) {
    if (start < 0 || end < start || end > utf8.length) {
      throw new IndexOutOfBoundsException(start + ".." + end + " of " + utf8.length);
    }
    return new JsonText(Arrays.copyOfRange(utf8, start, end));
  }

  /** Returns the JSON; empty for {@link #NONE}. */
  public String text() {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * Returns the size of the JSON in bytes. It is a bean property so that a mapper which writes a
   * {@link WebhookLog} as JSON writes this instead of the text.
   */
  public int getSizeInBytes() {
    return utf8.length;
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
