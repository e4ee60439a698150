package dev.redrive.github;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an RSA private key as GitHub hands it out (PKCS#1), or converted to PKCS#8. */
final class PrivateKeyPem {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----(.*?)-----END", Pattern.DOTALL);

  /** Version 0, and the algorithm {@code rsaEncryption}: what PKCS#8 has before a PKCS#1 key. */
  private static final byte[] PKCS8_START =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int LONG_LENGTH = 0x82;

  private PrivateKeyPem() {}

  static boolean isPem(String text) {
    return text.contains("-----BEGIN");
  }

  /** Parses a key; null if it is not an RSA private key. */
  static @Nullable PrivateKey parse(String text) {
    Matcher pem = PEM.matcher(text);
    if (!pem.find()) {
      return null;
    }
    try {
      byte[] key = Base64.getMimeDecoder().decode(pem.group(2));
      var spec = new PKCS8EncodedKeySpec(pem.group(1) == null ? key : inPkcs8(key));
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return null;
    }
  }

  private static byte[] inPkcs8(byte[] pkcs1) {
    byte[] octets = tagged(OCTETS, new byte[0], pkcs1);
    return tagged(SEQUENCE, PKCS8_START, octets);
  }

  /** Writes a DER value; keys have more than 255 and less than 65,536 bytes. */
  private static byte[] tagged(int tag, byte[] start, byte[] rest) {
    int length = start.length + rest.length;
    var der = new ByteArrayOutputStream();
    der.write(tag);
    der.write(LONG_LENGTH);
    der.write(length >>> 8);
    der.write(length);
    der.writeBytes(start);
    der.writeBytes(rest);
    return der.toByteArray();
  }
}
