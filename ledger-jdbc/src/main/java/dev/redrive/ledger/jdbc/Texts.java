package dev.redrive.ledger.jdbc;

/**
 * Escapes characters that not every database can store: PostgreSQL refuses the zero character, and
 * an unpaired surrogate has no UTF-8 form. Such a character is stored as {@code U+FDD0} and four
 * hexadecimal digits, and so is {@code U+FDD0} itself. Each text has exactly one stored form, so
 * that it can be looked up by it.
 */
final class Texts {
  /** A noncharacter, which Unicode reserves for internal use. */
  private static final char ESCAPE = '\uFDD0';

  private static final int DIGITS = 4;

  private Texts() {}

  /** Returns the stored form of a text. */
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

  /** Returns the text of a stored form. Anything that is not an escape is kept as it is. */
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

  /** Returns the character of an escape; -1 if it is not one of ours. */
  private static int special(String digits) {
    try {
      int code = Integer.parseUnsignedInt(digits, 16);
      return isSpecial((char) code) && digits((char) code).equals(digits) ? code : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
