package dev.redrive.keycloak;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Read.ProviderClock;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keycloak's clock, by which it is judged whether the extension may still retry a send. Keycloak
 * sends no {@code Date}, but its tokens say when they were issued. A proxy in front of it may send
 * a {@code Date}. Without either it is the client's clock.
 */
final class ServerClock {
  private static final ObjectMapper JSON = new ObjectMapper();

  private volatile @Nullable ProviderClock latest;

  /** Returns Keycloak's time, at most a second late, for a time by the client's clock. */
  Instant at(Instant client) {
    ProviderClock known = latest;
    return known == null ? client : known.at(client);
  }

  /** Takes note of the time at which a token was issued just now. */
  void issued(String token, Instant client) {
    Instant issuedAt = issuedAt(token);
    if (issuedAt != null) {
      latest = new ProviderClock(issuedAt, client);
    }
  }

  /** Takes note of the clock in a response, unless a token has told the time. */
  void answered(@Nullable ProviderClock clock) {
    if (latest == null && clock != null) {
      latest = clock;
    }
  }

  /** Reads the claim {@code iat} of a token in JSON; null if it has none. */
  private static @Nullable Instant issuedAt(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      JsonNode issuedAt = claims == null ? null : claims.get("iat");
      return issuedAt == null ? null : ProviderTime.parse(issuedAt.asText());
    } catch (JacksonException | IllegalArgumentException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
