package dev.redrive.github;

import dev.redrive.http.Token;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Signs tokens (JWT) for a GitHub App. A token lasts ten minutes at most. */
final class AppToken {
  /** GitHub's documentation asks for a minute, in case clocks differ. */
  private static final Duration BACKDATED = Duration.ofMinutes(1);

  private static final Duration LIFE = Duration.ofMinutes(9);
  private static final String HEADER =
      encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

  private final String appId;
  private final PrivateKey key;

  AppToken(String appId, PrivateKey key) {
    this.appId = appId;
    this.key = key;
  }

  /** Returns a token that is valid from now on. */
  Token at(Instant now) {
    String claims =
        "{\"iat\":%d,\"exp\":%d,\"iss\":\"%s\"}"
            .formatted(
                now.minus(BACKDATED).getEpochSecond(), now.plus(LIFE).getEpochSecond(), appId);
    String content = HEADER + "." + encoded(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return new Token(content + "." + encoded(signature.sign()), LIFE);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the App's private key cannot sign", e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
