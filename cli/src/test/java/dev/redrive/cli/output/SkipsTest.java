package dev.redrive.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.SkipReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SkipsTest {
  @ParameterizedTest
  @EnumSource(SkipReason.class)
  void whatAnotherRoundSends_namesTheOption(SkipReason reason) {
    boolean isSentByAnotherRound = reason.description().contains("another round");

    assertThat(Skips.words(reason).contains("--again")).isEqualTo(isSentByAnotherRound);
    assertThat(Skips.words(reason)).doesNotContain("another round");
  }
}
