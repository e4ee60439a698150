package dev.redrive.recovery.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A set of names that keeps only a 63-bit hash of each, so that a million names fit into a small
 * heap. Two names rarely share a hash, so it is exact enough to count with.
 */
final class NameSet {
  private long[] hashes = new long[1024];
  private int size;

  /** Adds a name. Returns false if it was added before. */
  boolean add(String name) {
    if (size * 2 >= hashes.length) {
      grow();
    }
    boolean added = put(hashes, hash(name));
    size += added ? 1 : 0;
    return added;
  }

  boolean contains(String name) {
    long sought = hash(name);
    int mask = hashes.length - 1;
    int slot = (int) sought & mask;
    while (hashes[slot] != 0 && hashes[slot] != sought) {
      slot = (slot + 1) & mask;
    }
    return hashes[slot] == sought;
  }

  private void grow() {
    long[] grown = new long[hashes.length * 2];
    for (long hash : hashes) {
      if (hash != 0) {
        put(grown, hash);
      }
    }
    hashes = grown;
  }

  private static boolean put(long[] hashes, long hash) {
    int mask = hashes.length - 1;
    int slot = (int) hash & mask;
    while (hashes[slot] != 0) {
      if (hashes[slot] == hash) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    hashes[slot] = hash;
    return true;
  }

  /** Never returns zero, which marks a free slot. */
  private static long hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong() | Long.MIN_VALUE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
