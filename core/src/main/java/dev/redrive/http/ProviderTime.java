package dev.redrive.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads the times that providers write. */
public final class ProviderTime {
  private ProviderTime() {}

  /** An ISO 8601 time, UTC where it names no offset; null for what is missing or unreadable. */
  public static @Nullable Instant parse(@Nullable String text) {
    if (text == null || text.length() < 16) {
      return null;
    }
    try {
      char last = text.charAt(text.length() - 1);
      if (last == 'Z') {
        return Instant.parse(text);
      }
      boolean hasOffset = text.indexOf('+', 10) > 0 || text.indexOf('-', 10) > 0;
      return hasOffset
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
