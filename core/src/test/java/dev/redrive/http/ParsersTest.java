package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.ProviderText;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void parsers_neverThrow() {
    String alphabet = "0123456789-:.TZ+ ,GMTSunJaé\u0000\u001b\ud83d\ude00\ud800\u202e{}\"?#@/";
    String[] seeds = {
      "2026-02-09T12:10:00.000Z",
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "120",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
      "299.997s, 0,120",
      "1772366400000",
      "https://user:pw@host.example:80/path?query#fragment"
    };
    var random = new SplittableRandom(1);
    for (int i = 0; i < 30_000; i++) {
      var text =
          new StringBuilder(random.nextInt(3) == 0 ? "" : seeds[random.nextInt(seeds.length)]);
      for (int n = random.nextInt(8); n > 0; n--) {
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        int at = random.nextInt(text.length() + 1);
        if (at < text.length() && random.nextBoolean()) {
          text.setCharAt(at, c);
        } else {
          text.insert(at, c);
        }
      }
      String input = text.toString();

      ProviderTime.parse(input);
      Duration wait = RetryAfter.parse(input, NOW);
      assertThat(wait == null || !wait.isNegative()).as(input).isTrue();
      assertThat(wait == null || wait.compareTo(Duration.ofDays(365)) <= 0).as(input).isTrue();
      assertThat(ProviderText.endpoint(input)).isNotNull();
      String clean = ProviderText.clean(input, 10);
      assertThat(clean.length()).isLessThanOrEqualTo(11);
      assertThat(clean.codePoints().boxed().collect(Collectors.toSet()))
          .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "120,120",
    "000007,7",
    "0000000000000,0",
    "31536000,31536000",
    "31536001,31536000",
    "99999999999999999999,31536000"
  })
  void retryAfter_inSeconds_isReadUpToAYear(String value, long seconds) {
    assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "'Sun, 01 Mar 2026 12:00:30 GMT',30",
    "'Sun, 1 Mar 2026 12:00:30 GMT',30",
    "'Sun, 01 Mar 2026 11:00:00 GMT',0",
    "'Sun, 01 Mar 2026 13:00:00 +0100',0"
  })
  void retryAfter_asADate_isHowLongUntilThen(String value, long seconds) {
    assertThat(RetryAfter.parse(value, NOW)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "-1", "+1", "1x", "1.0.0", "٣", "soon", "Sun, 01 Foo 2026 12:00:30 GMT"})
  void retryAfter_whenUnreadable_isNull(String value) {
    assertThat(RetryAfter.parse(value, NOW)).isNull();
  }
}
