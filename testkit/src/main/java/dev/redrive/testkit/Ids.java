package dev.redrive.testkit;

import java.util.HexFormat;
import java.util.UUID;

/**
 * Ids that look random and are the same in each run: made of the fake's seed, of what they name,
 * and of a number.
 */
public final class Ids {
  private final long key;

  Ids(long seed, String kind) {
    this.key = mix(seed ^ mix(kind.hashCode()));
  }

  /** A random-looking UUID (version 4), another one for each number. */
  public String uuid(long number) {
    long high = mix(key + number);
    long low = mix(high ^ key);
    return new UUID(
            (high & 0xFFFFFFFF_FFFF0FFFL) | 0x4000L,
            (low & 0x3FFFFFFF_FFFFFFFFL) | 0x80000000_00000000L)
        .toString();
  }

  /** 24 hex digits, others for each number. */
  public String hex(long number) {
    HexFormat hex = HexFormat.of();
    long high = mix(key + number);
    return hex.toHexDigits(high) + hex.toHexDigits((int) mix(high ^ key));
  }

  /** A well mixed 64-bit value (the finalizer of SplitMix64). */
  static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
