package dev.redrive.onlyoffice;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an event at a webhook by the fields that are the same in every attempt: 128 bits of a
 * SHA-256 hash, in hexadecimal, over the webhook's id, the event without its {@code id} (which is
 * the id of the log) and the payload, all as {@link CanonicalJson}.
 *
 * <p>Two events in the same second, by the same user and with the same content have the same
 * fingerprint: the portal's records do not distinguish them.
 */
final class Fingerprint {
  private static final int BYTES = 16;

  private Fingerprint() {}

  /** Returns the fingerprint; null if the payload lacks the fields that identify an event. */
  static @Nullable String of(CanonicalJson event, CanonicalJson webhook, CanonicalJson payload) {
    CanonicalJson webhookId = webhook.get("id");
    if (webhookId.text() == null || !event.get("createOn").isString()) {
      return null;
    }
    MessageDigest hash = sha256();
    webhookId.addTo(hash);
    event
        .members()
        .forEach(
            (name, value) -> {
              if (!name.equals("id")) {
                value.addTo(name, hash);
              }
            });
    payload.addTo(hash);
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
