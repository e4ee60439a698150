package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderTimeTest {
  @ParameterizedTest
  @CsvSource({
    "2026-02-09T12:10:00.000Z, 2026-02-09T12:10:00Z",
    "2026-02-09T12:10:00Z, 2026-02-09T12:10:00Z",
    "2026-02-09T12:10:00.1234567Z, 2026-02-09T12:10:00.123456700Z",
    "2026-02-09T12:10:00.0000000, 2026-02-09T12:10:00Z",
    "2026-02-09T12:10:00, 2026-02-09T12:10:00Z",
    "2026-02-09T12:10, 2026-02-09T12:10:00Z",
    "2026-02-09T12:10:00+02:00, 2026-02-09T10:10:00Z",
    "2026-02-09T12:10:00.5-03:30, 2026-02-09T15:40:00.5Z",
    "2024-02-29T23:59:59.999Z, 2024-02-29T23:59:59.999Z",
    "2026-01-01T24:00:00Z, 2026-01-02T00:00:00Z",
    "1969-12-31T23:59:59.999Z, 1969-12-31T23:59:59.999Z"
  })
  void time_whenItIsIso8601_isReadAsUtcUnlessItNamesAnOffset(String text, Instant time) {
    assertThat(ProviderTime.parse(text)).isEqualTo(time);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "yesterday",
        "2026-02-09",
        "2026-02-09T25:10:00Z",
        "0001-01-01T00:00:00+99:00",
        "2026-02-09T12:10:00ZZZZ",
        "2026-02-30T12:10:00.000Z",
        "2026-13-09T12:10:00Z",
        "2026-02-09T12:60:00.000Z",
        "2026-02-09 12:10:00.000Z",
        "2026-02-09T12:10:00.00xZ"
      })
  void time_whenItIsUnreadable_isNull(String text) {
    assertThat(ProviderTime.parse(text)).isNull();
  }

  @Test
  void time_whateverItsDigits_isWhatAFormatterReads() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder(Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)) + "");
      int at = random.nextInt(text.length() - 1);
      text.setCharAt(at, "0123456789-:T.x".charAt(random.nextInt(15)));
      assertThat(ProviderTime.parse(text.toString())).isEqualTo(formatted(text.toString()));
    }
  }

  private static Instant formatted(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
