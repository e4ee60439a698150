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
  @CsvSource(
      delimiter = '|',
      value = {
        "2023-12-23T11:26:21+0100",
        "2023-12-23T11:26:21+01",
        "2023-12-23T11:26:21+01:00",
        "2023-12-23T11:26:21+01:00:00",
        "2023-12-23t10:26:21z",
        "2023-12-23 10:26:21",
        "2023-12-23 10:26:21Z",
        "2023-12-23 10:26:21.0000000000000",
        "2023-12-23 10:26:21,000",
        "2023-12-23 10:26:21 UTC",
        "2023-12-23 10:26:21 utc",
        "2023-12-23 10:26:21 GMT",
        "2023-12-23 11:26:21 +0100",
        "2023-12-23 11:26:21 +01:00",
        "2023-12-23T10:26:21Z[UTC]",
        "2023-12-23T11:26:21+01:00[Europe/Paris]",
        "2023-12-23T11:26:21[Europe/Paris]",
        " 2023-12-23T10:26:21.000Z ",
        "Sat, 23 Dec 2023 10:26:21 GMT",
        "Sat, 23 Dec 2023 10:26:21 UTC",
        "Sat, 23 Dec 2023 11:26:21 +0100",
        "sat, 23 dec 2023 10:26:21 gmt",
        "23 Dec 2023 10:26:21 Z",
        "Saturday, 23-Dec-23 10:26:21 GMT",
        "Sat Dec 23 10:26:21 2023",
        "1703327181",
        "1703327181.0",
        "1703327181000",
        "1703327181000.000",
        "1.703327181E9",
        "1.703327181E12"
      })
  void time_inWhateverSpelling_isRead(String text) {
    assertThat(ProviderTime.parse(text)).isEqualTo(Instant.parse("2023-12-23T10:26:21Z"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-02-09|2026-02-09T00:00:00Z",
        "2026-02-09 12:10|2026-02-09T12:10:00Z",
        "2026-02-09T12:10Z|2026-02-09T12:10:00Z",
        "2026-02-09T12:10+0230|2026-02-09T09:40:00Z",
        "2026-02-09 12:10:00.000Z|2026-02-09T12:10:00Z",
        "2026-02-09T12:10:00.123456789123456789Z|2026-02-09T12:10:00.123456789Z",
        "2026-02-09T12:10:00.1-0330|2026-02-09T15:40:00.1Z",
        "2026-01-01 24:00:00|2026-01-02T00:00:00Z",
        "Sun Nov  6 08:49:37 1994|1994-11-06T08:49:37Z",
        "Sun, 6 Nov 1994 08:49 GMT|1994-11-06T08:49:00Z",
        "Sunday, 06-Nov-94 08:49:37 GMT|1994-11-06T08:49:37Z",
        "Thu, 01 Jan 2026 00:00:00 GMT|2026-01-01T00:00:00Z",
        "1770639000.25|2026-02-09T12:10:00.250Z",
        "1770639000250.5|2026-02-09T12:10:00.250500Z"
      })
  void time_withMoreOrLessThanUsual_isRead(String text, Instant time) {
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
        "2026-02-09T25:10:00Z",
        "0001-01-01T00:00:00+99:00",
        "2026-02-09T12:10:00ZZZZ",
        "2026-02-30T12:10:00.000Z",
        "2026-13-09T12:10:00Z",
        "2026-02-09T12:60:00.000Z",
        "2026-02-09T",
        "2026-02-09T12",
        "2026-02-09T12:10:00[Nowhere/AtAll]",
        "2026-02-09T12:10:00Z and more",
        "Mon, 23 Dec 2023 10:26:21 GMT",
        "Sat",
        "12345",
        "170332718100000000",
        "1e999999999",
        "1e-999999999",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999",
        "true",
        "{}",
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
      Instant expected = formatted(text.toString());
      if (expected != null) {
        assertThat(ProviderTime.parse(text.toString())).isEqualTo(expected);
      } else {
        ProviderTime.parse(text.toString());
      }
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
