package dev.redrive.ledger.jdbc;

/**
 * Texts as every database stores them and gives them back: PostgreSQL refuses the zero character,
 * and half of a surrogate pair has no UTF-8. Each such character is stored as {@code U+FDD0} and
 * four hexadecimal digits, and so is a {@code U+FDD0} itself; all other texts are stored as they
 * are. One text has one stored form, so that it can be looked up by it.
 */
final class Texts {
  /** Of the characters that Unicode keeps for use within a program. */
  private static final char ESCAPE = '\uFDD0';

  private static final int DIGITS = 4;

  private Texts() {}

  /** A text as it is stored. */
  static String stored(String text) {
    int first = firstSpecial(text);
    if (first == text.length()) {
      return text;
    }
    var stored = new StringBuilder(text.length() + 2 * DIGITS).append(text, 0, first);
    for (int i = first; i < text.length(); i++) {
      char next = text.charAt(i);
      if (isPair(text, i)) {
        stored.append(next).append(text.charAt(++i));
      } else if (isSpecial(next)) {
        stored.append(ESCAPE).append(digits(next));
      } else {
        stored.append(next);
      }
    }
    return stored.toString();
  }

  /** The text that was stored so. What nothing here has written is taken as it is. */
  static String read(String stored) {
    int next = stored.indexOf(ESCAPE);
    if (next < 0) {
      return stored;
    }
    var text = new StringBuilder(stored.length());
    int last = 0;
    while (next >= 0) {
      int end = next + 1 + DIGITS;
      text.append(stored, last, next);
      int special = end > stored.length() ? -1 : special(stored.substring(next + 1, end));
      text.append(special < 0 ? ESCAPE : (char) special);
      last = special < 0 ? next + 1 : end;
      next = stored.indexOf(ESCAPE, last);
    }
    return text.append(stored, last, stored.length()).toString();
  }

  private static int firstSpecial(String text) {
    int i = 0;
    while (i < text.length() && (isPair(text, i) || !isSpecial(text.charAt(i)))) {
      i += isPair(text, i) ? 2 : 1;
    }
    return i;
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }

  private static boolean isSpecial(char c) {
    return c == '\0' || c == ESCAPE || Character.isSurrogate(c);
  }

  private static String digits(char special) {
    return "%04x".formatted((int) special);
  }

  /** The character that digits stand for; -1 if they are none of ours. */
  private static int special(String digits) {
    try {
      int code = Integer.parseUnsignedInt(digits, 16);
      return isSpecial((char) code) && digits((char) code).equals(digits) ? code : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
