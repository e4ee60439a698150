package dev.redrive.onlyoffice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names an event at a webhook by what stays the same however often it is sent: 128 bits of SHA-256,
 * in hexadecimal, over the webhook's id, the event but for its {@code id}, which is the log's, and
 * the payload, all as {@link CanonicalJson}: the sender writes a member that is null or leaves it
 * out.
 *
 * <p>Two events in the same second, by the same user and with the same content have the same
 * fingerprint: the portal's records do not distinguish them.
 */
final class Fingerprint {
  private static final int BYTES = 16;
  private static final int TYPICAL_LENGTH = 500;

  private Fingerprint() {}

  /** The name; null where the payload lacks what tells one event from another. */
  static @Nullable String of(CanonicalJson event, CanonicalJson webhook, CanonicalJson payload) {
    CanonicalJson webhookId = webhook.get("id");
    if (webhookId.text() == null || !event.get("createOn").isString()) {
      return null;
    }
    var text = new StringBuilder(TYPICAL_LENGTH);
    webhookId.write(text);
    event
        .members()
        .forEach(
            (name, value) -> {
              if (!name.equals("id")) {
                value.write(name, text);
              }
            });
    payload.write(text);
    byte[] hash = sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, BYTES);
  }

  /** Whether a lineage is a fingerprint rather than the id of a log. */
  static boolean isOne(String lineage) {
    return lineage.length() == 2 * BYTES;
  }

  private static byte[] sha256(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
