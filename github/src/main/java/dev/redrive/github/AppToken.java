package dev.redrive.github;

import dev.redrive.TimeSource;
import dev.redrive.http.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Signs tokens (JWT) for a GitHub App. A token lasts ten minutes at most; it is replaced before it
 * expires, and after a 401.
 */
final class AppToken implements Credentials {
  /** GitHub's documentation asks for a minute, in case clocks differ. */
  private static final Duration BACKDATED = Duration.ofMinutes(1);

  private static final Duration LIFE = Duration.ofMinutes(9);
  private static final Duration REST = Duration.ofMinutes(1);
  private static final String HEADER = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");

  private final String appId;
  private final PrivateKey key;
  private final TimeSource time;
  private @Nullable String token;
  private Instant replacedAt = Instant.MIN;

  AppToken(String appId, PrivateKey key, TimeSource time) {
    this.appId = appId;
    this.key = key;
    this.time = time;
  }

  @Override
  public synchronized String current() {
    Instant now = time.now();
    String usable = now.isBefore(replacedAt) ? token : null;
    if (usable == null) {
      usable = signed(now);
      token = usable;
      replacedAt = now.plus(LIFE).minus(REST);
    }
    return usable;
  }

  @Override
  public synchronized void refused(String credential) {
    if (credential.equals(token)) {
      token = null;
    }
  }

  private String signed(Instant now) {
    String claims =
        "{\"iat\":%d,\"exp\":%d,\"iss\":\"%s\"}"
            .formatted(
                now.minus(BACKDATED).getEpochSecond(), now.plus(LIFE).getEpochSecond(), appId);
    String content = HEADER + "." + encoded(claims);
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(content.getBytes(StandardCharsets.US_ASCII));
      return content + "." + encoded(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the App's private key cannot sign", e);
    }
  }

  private static String encoded(String json) {
    return encoded(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
