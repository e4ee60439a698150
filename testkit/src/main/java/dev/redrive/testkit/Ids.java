package dev.redrive.testkit;

import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/**
 * Turns row numbers into ids that look random, and back, without a table: 32 bits of an id are the
 * row number scrambled, the rest is a checksum.
 */
final class Ids {
  private static final int MULTIPLIER = 0x9E3779B1;
  private static final int INVERSE = inverse(MULTIPLIER);

  private final long key;

  Ids(long seed, String kind) {
    this.key = mix(seed ^ mix(kind.hashCode()));
  }

  String uuid(int row) {
    long high = mix(key + row);
    long low = mix(high ^ key);
    long scrambled = Integer.toUnsignedLong(scramble(row));
    return new UUID(
            (high & 0xFFFFFFFF_FFFF0FFFL) | 0x4000L,
            (low & 0x3FFFFFFF_00000000L) | 0x80000000_00000000L | scrambled)
        .toString();
  }

  /** The row of an id that {@link #uuid} made, or -1. */
  int uuidRow(String id) {
    if (!isUuid(id)) {
      return -1;
    }
    int row = unscramble((int) Long.parseLong(id.substring(28), 16));
    return row >= 0 && uuid(row).equals(id.toLowerCase(Locale.ROOT)) ? row : -1;
  }

  /** 24 hex digits. */
  String hex(int row) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(mix(key + row)) + hex.toHexDigits(scramble(row));
  }

  /** The row of an id that {@link #hex} made, or -1. */
  int hexRow(String id) {
    if (id.length() != 24 || !id.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      return -1;
    }
    int row = unscramble((int) Long.parseLong(id.substring(16), 16));
    return row >= 0 && hex(row).equals(id) ? row : -1;
  }

  static boolean isUuid(String text) {
    if (text.length() != 36) {
      return false;
    }
    for (int i = 0; i < 36; i++) {
      char c = text.charAt(i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** A well mixed 64-bit value (the finalizer of SplitMix64). */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private int scramble(int row) {
    return (row ^ (int) key) * MULTIPLIER;
  }

  private int unscramble(int scrambled) {
    return (scrambled * INVERSE) ^ (int) key;
  }

  /** The multiplicative inverse modulo 2^32, by Newton's iteration. */
  private static int inverse(int odd) {
    int inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
