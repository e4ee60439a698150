package dev.redrive.onlyoffice;

import org.jspecify.annotations.Nullable;

/** The ids of a portal's logs and webhooks: positive 32-bit integers. */
final class PortalId {
  private PortalId() {}

  /** Parses an id; null if the text is not an id. */
  static @Nullable Integer parse(@Nullable String id) {
    try {
      int number = id == null ? 0 : Integer.parseInt(id);
      return number > 0 && Integer.toString(number).equals(id) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
