package dev.redrive.http;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/** Writes an id in its canonical form: UUIDs in it in lower case. */
final class CanonicalId {
  private static final String UUID_SHAPE = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  private static final Pattern UUID =
      Pattern.compile(
          "(?<![0-9A-Za-z])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])");

  private CanonicalId() {}

  static String of(String id) {
    return id.length() < UUID_SHAPE.length() || id.chars().noneMatch(c -> c >= 'A' && c <= 'F')
        ? id
        : UUID.matcher(id).replaceAll(uuid -> uuid.group().toLowerCase(Locale.ROOT));
  }

  /** Whether an id is a UUID in its usual form of 36 characters. */
  static boolean isUuid(String id) {
    // UUID.fromString also accepts shorter groups and signs.
    boolean fits = id.length() == UUID_SHAPE.length();
    for (int i = 0; fits && i < UUID_SHAPE.length(); i++) {
      char c = id.charAt(i);
      fits = UUID_SHAPE.charAt(i) == '-' ? c == '-' : HexFormat.isHexDigit(c);
    }
    return fits;
  }
}
