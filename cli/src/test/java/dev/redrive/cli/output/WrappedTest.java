package dev.redrive.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Text is broken between words, and within a word that no line has room for. */
class WrappedTest {
  @Test
  void aTextThatFits_isOneLine() {
    assertThat(Wrapped.lines("ok  key  accepted", "     ", 17))
        .containsExactly("ok  key  accepted");
  }

  @Test
  void words_goOnInTheNextLine() {
    assertThat(Wrapped.lines("warn  no account is named, none is checked", "      ", 24))
        .containsExactly("warn  no account is", "      named, none is", "      checked");
  }

  @Test
  void aLongWord_isCut() {
    assertThat(Wrapped.lines("id  0123456789abcdefghij", "    ", 14))
        .containsExactly("id  0123456789", "    abcdefghij");
  }

  @Test
  void anIndentWiderThanTheTerminal_stillHasRoomForText() {
    assertThat(Wrapped.lines("one two three four", "          ", 3))
        .containsExactly("one two three four");
    assertThat(Wrapped.lines("one two three four five six", "          ", 3))
        .containsExactly("one two three four", "          five six");
  }
}
