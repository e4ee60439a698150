package dev.redrive.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.Read.ProviderClock;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerClockTest {
  private static final Instant OURS = Instant.parse("2026-03-15T15:00:00Z");
  private static final Instant THEIRS = Instant.parse("2026-03-15T12:00:00Z");

  private final ServerClock clock = new ServerClock();

  private static String token(String claims) {
    return "e30."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".c2ln";
  }

  @Test
  void aTokenTellsTheTimeAtWhichItWasIssued() {
    clock.issued(token("{\"iat\":" + THEIRS.getEpochSecond() + "}"), OURS);

    assertThat(clock.at(OURS.plusSeconds(90))).isEqualTo(THEIRS.plusSeconds(90));
  }

  @Test
  void aTokenIsBelievedRatherThanAProxy() {
    clock.answered(new ProviderClock(OURS.minusSeconds(7), OURS));
    assertThat(clock.at(OURS)).isEqualTo(OURS.minusSeconds(7));

    clock.issued(token("{\"iat\":" + THEIRS.getEpochSecond() + "}"), OURS);
    clock.answered(new ProviderClock(OURS.minusSeconds(7), OURS));

    assertThat(clock.at(OURS)).isEqualTo(THEIRS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "opaque", "a.b.c", "..", "e30.e30.e30", "e30.bnVsbA.e30", "e30.W10.e30"})
  void aTokenThatTellsNoTimeChangesNothing(String token) {
    clock.issued(token, OURS);
    clock.answered(null);

    assertThat(clock.at(OURS)).isEqualTo(OURS);
  }
}
