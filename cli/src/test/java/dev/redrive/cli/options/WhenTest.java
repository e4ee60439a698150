package dev.redrive.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as people write them, seen from Berlin. */
class WhenTest {
  private static final ZonedDateTime NOW =
      ZonedDateTime.parse("2026-03-01T12:00:00+01:00[Europe/Berlin]");

  @ParameterizedTest
  @CsvSource({
    "now,                       2026-03-01T11:00:00Z",
    "today,                     2026-02-28T23:00:00Z",
    "Yesterday,                 2026-02-27T23:00:00Z",
    "2026-03-01,                2026-02-28T23:00:00Z",
    "2026-07-01,                2026-06-30T22:00:00Z",
    "2026-02-03T04:05,          2026-02-03T03:05:00Z",
    "2026-02-03 04:05:06,       2026-02-03T03:05:06Z",
    "2026-02-03T04:05:06Z,      2026-02-03T04:05:06Z",
    "2026-02-03 04:05:06+02:00, 2026-02-03T02:05:06Z",
    "10:30,                     2026-03-01T09:30:00Z",
    "12:00,                     2026-03-01T11:00:00Z",
    "12:01,                     2026-02-28T11:01:00Z",
    "23:15:30,                  2026-02-28T22:15:30Z",
    "5min,                      2026-03-01T10:55:00Z",
    "90s,                       2026-03-01T10:58:30Z",
    "30sec,                     2026-03-01T10:59:30Z",
    "6h,                        2026-03-01T05:00:00Z",
    "1d12h,                     2026-02-27T23:00:00Z",
    "1h5min,                    2026-03-01T09:55:00Z",
    "2w,                        2026-02-15T11:00:00Z",
    "PT6H,                      2026-03-01T05:00:00Z",
  })
  void isRead(String text, Instant expected) {
    assertThat(When.parse(text).at(NOW)).isEqualTo(expected);
  }

  /** On the night when clocks are put back, a day has 25 hours, and 02:30 comes twice. */
  @ParameterizedTest
  @CsvSource({
    "today,     2026-10-24T22:00:00Z",
    "yesterday, 2026-10-23T22:00:00Z",
    "1d,        2026-10-24T11:00:00Z",
    "02:30,     2026-10-25T00:30:00Z",
  })
  void isReadWhenClocksChange(String text, Instant expected) {
    ZonedDateTime now = ZonedDateTime.parse("2026-10-25T12:00:00+01:00[Europe/Berlin]");
    assertThat(When.parse(text).at(now)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "tomorrow",
        "25:00",
        "2026-13-01",
        "2026-02-30",
        "6",
        "6y",
        "99999999999w"
      })
  void isRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> When.parse(text))
        .withMessageStartingWith("'" + text + "' is not a time (10:30, yesterday, 2026-03-01");
  }

  @ParameterizedTest
  @CsvSource({"5min, PT5M", "2m, PT2M", "90sec, PT90S", "1d12h, PT36H", "PT6H, PT6H"})
  void durations_areReadToo(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }
}
