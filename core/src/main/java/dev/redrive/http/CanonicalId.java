package dev.redrive.http;

import java.util.Locale;
import java.util.regex.Pattern;

/** Writes an id in its canonical form: UUIDs in it in lower case. */
final class CanonicalId {
  private static final int UUID_LENGTH = 36;
  private static final Pattern UUID =
      Pattern.compile(
          "(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])");

  private CanonicalId() {}

  static String of(String id) {
    return id.length() < UUID_LENGTH || id.chars().noneMatch(c -> c >= 'A' && c <= 'F')
        ? id
        : UUID.matcher(id).replaceAll(uuid -> uuid.group().toLowerCase(Locale.ROOT));
  }
}
