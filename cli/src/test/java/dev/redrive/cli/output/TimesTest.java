package dev.redrive.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.options.When;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** People see the times of their zone, with its offset. */
class TimesTest {
  private static final Instant SUMMER = Instant.parse("2026-07-01T10:00:00.123Z");

  @AfterEach
  void asBefore() {
    Times.use(ZoneId.systemDefault());
  }

  @Test
  void aTime_isShownInTheZoneWithItsOffset_andCanBeTypedInAgain() {
    Times.use(ZoneId.of("Europe/Berlin"));
    assertThat(Times.seconds(SUMMER)).isEqualTo("2026-07-01T12:00:00+02:00");
    assertThat(When.parse(Times.toTheSecond(SUMMER)).at(SUMMER.atZone(ZoneOffset.UTC)))
        .isEqualTo("2026-07-01T10:00:00Z");

    Times.use(ZoneOffset.UTC);
    assertThat(Times.seconds(SUMMER)).isEqualTo("2026-07-01T10:00:00Z");
    assertThat(Times.seconds(null)).isNull();
  }
}
