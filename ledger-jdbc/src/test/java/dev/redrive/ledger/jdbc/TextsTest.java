package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "log-1", "für\tall\n", "a pair \uD83D\uDE00", "\uFFFD\uFFFF"})
  void stored_whenNothingIsSpecial_isTheText(String text) {
    assertThat(Texts.stored(text)).isSameAs(text);
    assertThat(Texts.read(text)).isSameAs(text);
  }

  @Test
  void stored_ofAnyTexts_isUtf8WithoutZeroAndReadsBack() {
    char[] alphabet = {'a', '0', 'f', 'd', '\0', '\uD83D', '\uDE00', '\uFDD0'};
    for (int i = 0; i < Math.pow(alphabet.length, 5); i++) {
      var text = new StringBuilder();
      for (int rest = i; rest > 0; rest /= alphabet.length) {
        text.append(alphabet[rest % alphabet.length]);
      }
      String stored = Texts.stored(text.toString());
      assertThat(stored).doesNotContain("\0");
      assertThat(new String(stored.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
          .isEqualTo(stored);
      assertThat(Texts.read(stored)).isEqualTo(text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFDD0", "\uFDD0000", "\uFDD0+000", "\uFDD0FDD0", "\uFDD00041"})
  void read_whatNothingHereHasWritten_isTakenAsItIs(String foreign) {
    assertThat(Texts.read(foreign)).isEqualTo(foreign);
  }
}
