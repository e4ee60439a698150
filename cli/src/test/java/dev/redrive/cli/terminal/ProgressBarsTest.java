package dev.redrive.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The line of progress never shares its line with anything else. */
class ProgressBarsTest {
  private static final String WIPE = "\r\u001b[K";

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final StatusLine line = new StatusLine(screen);
  private final PrintStream print = new PrintStream(line, true, UTF_8);
  private final Terminal.Stream err = new Terminal.Stream(print, true, true, UTF_8, line);

  @Test
  void whateverIsWritten_wipesTheLineFirst_andTheLineWaitsForTheEndOfTheText() throws IOException {
    line.show("50%".getBytes(UTF_8));
    print.print("a log ");
    line.show("60%".getBytes(UTF_8));
    print.println("line");
    line.show("70%".getBytes(UTF_8));
    line.hide();
    line.hide();

    assertThat(screen.toString(UTF_8))
        .isEqualTo(WIPE + "50%" + WIPE + "a log line\n" + WIPE + "70%" + WIPE);
  }

  @RepeatedTest(50)
  void afterItIsClosed_nothingOfItIsDrawn() {
    var bars = new ProgressBars(err, line, 80);
    bars.onPhase(Phase.SENDING);
    bars.onProgress(progress(10, 3));
    bars.close();
    print.println("Stopped: 7 of 40 delivered");

    assertThat(shown()).isEqualTo("Stopped: 7 of 40 delivered");
  }

  @Test
  void linesOfManyThreads_areNeverBehindTheBar() {
    try (var bars = new ProgressBars(err, line, 80)) {
      bars.onPhase(Phase.SENDING);
      var threads =
          IntStream.range(0, 4)
              .mapToObj(
                  thread ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int i = 0; i < 250; i++) {
                              print.println("log " + i);
                              bars.onProgress(progress(i, 0));
                              show(i);
                            }
                          }))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(threads).join();
    }

    assertThat(Stream.of(screen.toString(UTF_8).split("\n")).map(ProgressBarsTest::afterWipes))
        .filteredOn(text -> text.contains("log"))
        .hasSize(1000)
        .allMatch(text -> text.matches("log \\d+"));
  }

  private void show(int percent) {
    try {
      line.show((percent + "%").getBytes(UTF_8));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatStandsBehindTheSpeed_isSetApart() {
    assertThat(ProgressBars.extra(progress(10, 4), "")).isEqualTo("  4 failed again");
    assertThat(ProgressBars.extra(progress(10, 4), "baanx waits 5 min"))
        .isEqualTo("  4 failed again, baanx waits 5 min");
    assertThat(ProgressBars.extra(progress(10, 0), "")).isEmpty();
  }

  @Test
  void aPauseIsToldUntilSendingGoesOn() {
    try (var bars = new ProgressBars(err, line, 200)) {
      bars.onPhase(Phase.SENDING);
      bars.onProgress(progress(10, 0));
      bars.onPause(new Account("baanx", "main"), Duration.ofMinutes(5), "its limit");
      bars.onProgress(progress(10, 2));
      assertThat(bars.note()).startsWith("baanx waits 5 min");
      bars.onProgress(progress(11, 2));
      assertThat(bars.note()).isEmpty();
    }
  }

  /** A dumb terminal knows no escape codes, a file has no line to write anew. */
  @Test
  void withoutAStatusLine_progressIsPlainLines() {
    try (Progress progress = Progress.on(new Terminal.Stream(print, true, false, UTF_8))) {
      assertThat(progress).isInstanceOf(ProgressLines.class);
    }
    try (Progress progress = Progress.on(err)) {
      assertThat(progress).isInstanceOf(ProgressBars.class);
    }
  }

  private static RecoveryProgress progress(long sent, long failedAgain) {
    return new RecoveryProgress(
        Phase.SENDING, 40, 40, sent, sent, sent - failedAgain, failedAgain, 0, 1, null);
  }

  /** What a person sees in the last line. */
  private String shown() {
    String[] lines = screen.toString(UTF_8).split("\n");
    return afterWipes(lines[lines.length - 1]);
  }

  private static String afterWipes(String text) {
    return text.substring(text.lastIndexOf(WIPE) < 0 ? 0 : text.lastIndexOf(WIPE) + WIPE.length());
  }
}
