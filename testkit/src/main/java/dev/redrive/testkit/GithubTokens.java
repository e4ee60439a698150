package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Checks the tokens (JWT) of a GitHub App: who signed them, and for how long [doc]. */
final class GithubTokens {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final @Nullable String appId;
  private final @Nullable PublicKey key;

  GithubTokens(@Nullable String appId, @Nullable PublicKey key) {
    this.appId = appId;
    this.key = key;
  }

  boolean areNeeded() {
    return key != null;
  }

  boolean isValid(Call call, Instant now) {
    String header = call.header("Authorization");
    String[] parts = String.valueOf(header).replaceFirst("^Bearer ", "").split("\\.", -1);
    if (key == null || parts.length != 3) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(key);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      if (!signature.verify(Base64.getUrlDecoder().decode(parts[2]))) {
        return false;
      }
      JsonNode claims = Answer.MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1]));
      Instant issued = Instant.ofEpochSecond(claims.path("iat").asLong());
      Instant expires = Instant.ofEpochSecond(claims.path("exp").asLong());
      return claims.path("iss").asText().equals(appId)
          && !issued.isAfter(now)
          && expires.isAfter(now)
          && !expires.isAfter(now.plus(LONGEST));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
