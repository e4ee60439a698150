package dev.redrive.onlyoffice;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Identifies an event at a webhook by the fields that are the same in every attempt: 128 bits of a
 * SHA-256 hash, in hexadecimal, over the webhook's id, the event without its {@code id} (which is
 * the id of the log) and the payload, as {@link CanonicalJson}.
 *
 * <p>Two events in the same second, by the same user and with the same content have the same
 * fingerprint: the portal's records do not distinguish them.
 */
final class Fingerprint {
  private static final int BYTES = 16;

  /** To make one takes longer than to hash a payload. */
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(Fingerprint::sha256);

  private Fingerprint() {}

  /** Returns the fingerprint of the fields that identify an event. */
  static String of(CanonicalJson fields) {
    MessageDigest hash = SHA_256.get();
    fields.addTo(hash);
    return HexFormat.of().formatHex(hash.digest(), 0, BYTES);
  }

  /** Whether a lineage is a fingerprint rather than the id of a log. */
  static boolean isOne(String lineage) {
    return lineage.length() == 2 * BYTES;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
