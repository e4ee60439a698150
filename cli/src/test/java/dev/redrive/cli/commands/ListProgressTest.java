package dev.redrive.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.CommandLineTool;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ListProgressTest {
  @Test
  void aLongList_isToldOfEveryTwoSeconds_aShortOneNever() {
    var err = new ByteArrayOutputStream();
    var terminal = CommandLineTool.terminal(new ByteArrayOutputStream(), err);
    var time = ManualTime.of(MutableClock.at(Instant.EPOCH));
    var progress = new ListProgress(terminal, time, "two deliveries");

    for (int i = 0; i < 5; i++) {
      progress.read();
    }
    assertThat(err.toString(UTF_8)).isEmpty();
    time.advance(Duration.ofSeconds(2));
    progress.read();
    progress.read();

    assertThat(err.toString(UTF_8))
        .isEqualTo("Looking for two deliveries: 6 rows of the provider's list read …\n");
  }
}
