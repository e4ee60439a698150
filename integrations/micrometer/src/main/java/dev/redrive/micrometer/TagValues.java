package dev.redrive.micrometer;

import java.util.Locale;

/** The values of tags, which come from enums only, and from names that somebody configured. */
final class TagValues {
  private TagValues() {}

  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
