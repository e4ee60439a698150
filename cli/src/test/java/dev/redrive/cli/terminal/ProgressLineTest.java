package dev.redrive.cli.terminal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.PauseReason;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import dev.redrive.testkit.ManualTime;
import dev.redrive.testkit.MutableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line of progress says what matters in the columns that there are, below all else. */
class ProgressLineTest {
  private static final RecoveryProgress BUSY =
      progress(Phase.SENDING, 360, 371, 310, 4, Duration.ofSeconds(8));

  private final ManualTime time =
      ManualTime.of(MutableClock.at(Instant.parse("2026-03-01T12:00:00Z")));
  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private int columns = 100;

  private final StatusLine line = new StatusLine(screen, UTF_8, () -> columns);
  private final PrintStream print = new PrintStream(line, true, UTF_8);
  private final Terminal.Stream err = new Terminal.Stream(print, 80, true, UTF_8, line);

  /** What a person sees, in the last of the lines. */
  private String last() {
    List<String> lines = ScreenText.of(screen.toString(UTF_8), columns);
    return lines.get(lines.size() - 1);
  }

  private ProgressLine progressLine() {
    return new ProgressLine(err, line, Long.MAX_VALUE, time);
  }

  @Test
  void theWholeRunIsToldInOneLine() {
    try (ProgressLine progress = progressLine()) {
      progress.onPlan(plan(340, 20));
      progress.onProgress(progress(Phase.SENDING, 340, 320, 280, 4, Duration.ofSeconds(8)));
      progress.tell();

      assertThat(last())
          .isEqualTo(
              "sent 320 of about 360 · 280 delivered · 4 failed again · 36 being checked"
                  + " · about 8 s");
      assertThat(progress.text(79).replaceAll("\u001b\\[\\d+m", ""))
          .isEqualTo("sent 320 of ~360 · 280 delivered · 4 failed again · 36 being checked · ~8 s");
    }
    assertThat(last()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 100, 80, 60, 40, 20, 10})
  void whereItIsNarrow_whatMattersLeastIsLeftOut(int width) {
    columns = width;
    try (ProgressLine progress = progressLine()) {
      progress.onProgress(BUSY);
      progress.tell();

      assertThat(ScreenText.of(screen.toString(UTF_8), columns)).hasSize(1);
      assertThat(last())
          .isEqualTo(
              switch (width) {
                case 200, 100, 80 ->
                    "sent 371 of 371 · 310 delivered · 4 failed again · 57 being checked"
                        + " · about 8 s";
                case 60 -> "sent 371 of 371 · 310 delivered · 4 failed again · ~8 s";
                case 40 -> "sent 371 of 371 · 4 failed again";
                case 20 -> "sent 371 of 371";
                default -> "sent 371 ";
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {150, 80, 59, 45, 20})
  void afterAResize_nothingOfTheOldLineIsLeft(int width) {
    for (BiConsumer<ScreenText, Integer> resize :
        List.<BiConsumer<ScreenText, Integer>>of(
            ScreenText::resizeCutting, ScreenText::resizeBreaking)) {
      columns = 100;
      var seen = new ScreenText(columns);
      try (ProgressLine progress = progressLine()) {
        print.println("Send 360 now?");
        progress.onProgress(BUSY);
        progress.tell();
        seen.write(drain());
        columns = width;
        resize.accept(seen, width);
        progress.tell();
        seen.write(drain());

        assertThat(seen.lines()).hasSize(2).first().isEqualTo("Send 360 now?");
        assertThat(seen.lines().get(1)).startsWith("sent 371 of 371").hasSizeLessThan(width);
      }
      print.println("done");
      assertThat(seen.write(drain()).lines()).containsExactly("Send 360 now?", "done", "");
    }
  }

  private String drain() {
    String written = screen.toString(UTF_8);
    screen.reset();
    return written;
  }

  @Test
  void whateverIsWritten_goesAboveTheLine_andBegunTextIsNotCovered() {
    try (ProgressLine progress = progressLine()) {
      progress.onProgress(BUSY);
      progress.tell();
      print.println("a log line");
      assertThat(ScreenText.of(screen.toString(UTF_8), columns))
          .satisfiesExactly(
              above -> assertThat(above).isEqualTo("a log line"),
              below -> assertThat(below).startsWith("sent 371"));

      print.print("half ");
      progress.tell();
      assertThat(last()).isEqualTo("half ");
      print.println("a line");
      assertThat(last()).startsWith("sent 371");
    }
    print.println("Stopped: 7 of 40 delivered");
    assertThat(ScreenText.of(screen.toString(UTF_8), columns))
        .containsExactly("a log line", "half a line", "Stopped: 7 of 40 delivered", "");
  }

  @Test
  void linesOfManyThreads_areNeverMixedWithIt() {
    try (ProgressLine progress = progressLine()) {
      var threads =
          IntStream.range(0, 4)
              .mapToObj(
                  thread ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int i = 0; i < 250; i++) {
                              write("log " + i + "\n");
                              progress.onProgress(progress(Phase.SENDING, 400, i, i, 0, null));
                              progress.tell();
                            }
                          }))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(threads).join();
    }

    assertThat(ScreenText.of(screen.toString(UTF_8), columns))
        .filteredOn(text -> !text.isEmpty())
        .hasSize(1000)
        .allMatch(text -> text.matches("log \\d+"));
  }

  private void write(String text) {
    try {
      line.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void onlyFailuresAreColoured_andOnlyWhereColoursMayBe() {
    try (ProgressLine progress = progressLine()) {
      progress.onProgress(BUSY);
      progress.tell();
    }
    assertThat(screen.toString(UTF_8)).contains("\u001b[31m4 failed again\u001b[0m");

    screen.reset();
    var noColours = new Terminal.Stream(print, 80, false, UTF_8, line);
    try (var progress = new ProgressLine(noColours, line, Long.MAX_VALUE, time)) {
      progress.onProgress(BUSY);
      progress.tell();
    }
    assertThat(screen.toString(UTF_8)).contains("4 failed again").doesNotContain("\u001b[31m");
  }

  @Test
  void aPauseIsCountedDown_untilItIsOverOrSendingGoesOn() {
    var account = new Account("baanx", "main");
    try (ProgressLine progress = progressLine()) {
      progress.onProgress(progress(Phase.SENDING, 40, 10, 8, 0, null));
      progress.onPause(
          account, Duration.ofMinutes(5), PauseReason.RATE_LIMIT, "5 requests in 15 min");
      time.advance(Duration.ofSeconds(30));
      progress.onProgress(progress(Phase.SENDING, 40, 10, 10, 0, null));
      assertThat(progress.text(100))
          .isEqualTo("sent 10 of 40 · 10 delivered · baanx waits 4 min 30 s: 5 requests in 15 min");
      assertThat(progress.text(59))
          .isEqualTo("sent 10 of 40 · 10 delivered · baanx waits 4 min 30 s");

      progress.onProgress(progress(Phase.SENDING, 40, 11, 10, 0, null));
      assertThat(progress.text(100)).doesNotContain("waits");
      progress.onPause(
          account, Duration.ofMinutes(5), PauseReason.RATE_LIMIT, "5 requests in 15 min");
      time.advance(Duration.ofMinutes(5));
      assertThat(progress.text(100)).doesNotContain("waits");
    }
  }

  @Test
  void theListing_andWhatIsReadBeforeIt_areNamed() {
    try (ProgressLine progress = progressLine()) {
      assertThat(progress.text(80)).isEmpty();
      progress.onProgress(progress(Phase.SETTLING, 0, 0, 0, 0, null));
      assertThat(progress.text(80)).isEqualTo("reading what became of earlier retries");
      progress.onProgress(progress(Phase.COLLECTING, 250, 0, 0, 0, null));
      assertThat(progress.text(80)).isEqualTo("listing failures · 250 found");
      progress.onPlan(plan(250, 0));
      assertThat(progress.text(80)).isEmpty();
      progress.onProgress(progress(Phase.CANARY, 250, 3, 0, 0, null));
      assertThat(progress.text(80)).isEqualTo("sent 3 of 250 · 0 delivered · 3 being checked");
      progress.onProgress(progress(Phase.DONE, 250, 250, 250, 0, null));
      assertThat(progress.text(80)).isEmpty();
    }
  }

  @Test
  void aLimitCountsForWhatIsNotListedYet() {
    try (var progress = new ProgressLine(err, line, 300, time)) {
      progress.onPlan(plan(250, 5000));
      progress.onProgress(progress(Phase.SENDING, 250, 3, 0, 0, null));
      assertThat(progress.text(80)).startsWith("sent 3 of about 300 ·");
    }
  }

  @Test
  void withoutUnicode_itIsPlainAscii() {
    var ascii = new StatusLine(screen, US_ASCII, () -> columns);
    var stream = new Terminal.Stream(print(ascii, US_ASCII), 80, false, US_ASCII, ascii);
    try (var progress = new ProgressLine(stream, ascii, Long.MAX_VALUE, time)) {
      progress.onProgress(BUSY);
      progress.tell();
      assertThat(last())
          .isEqualTo("sent 371 of 371, 310 delivered, 4 failed again, 57 being checked, about 8 s");
    }
  }

  private static PrintStream print(StatusLine line, Charset charset) {
    return new PrintStream(line, true, charset);
  }

  /** A dumb terminal knows no escape codes, a file has no line to write anew. */
  @Test
  void withoutAStatusLine_progressIsPlainLines_andNoneTwice() {
    var plain = new Terminal.Stream(new PrintStream(screen, true, UTF_8), 80, false, UTF_8, null);
    try (Progress progress = Progress.on(plain)) {
      assertThat(progress).isInstanceOf(ProgressLines.class);
      progress.onProgress(BUSY);
      progress.tell();
      progress.tell();
    }
    try (Progress progress = Progress.on(err)) {
      assertThat(progress).isInstanceOf(ProgressLine.class);
    }
    assertThat(screen.toString(UTF_8).lines())
        .containsExactly(
            "sent 371 of 371 · 310 delivered · 4 failed again · 57 being checked · about 8 s");
  }

  @Test
  void theTimeLeft_isNotToldWhileItIsAGuess() {
    Duration left = Duration.ofMinutes(75);

    assertThat(left(Phase.SENDING, 250, 25, left)).isEqualTo("about 1 h 15 min");
    assertThat(left(Phase.SENDING, 250, 3, left)).isEmpty();
    assertThat(left(Phase.SENDING, 1000, 30, left)).isEmpty();
    assertThat(left(Phase.CANARY, 250, 25, left)).isEmpty();
    assertThat(left(Phase.VERIFYING, 250, 25, left)).isEmpty();
    assertThat(left(Phase.SENDING, 250, 25, Duration.ofDays(9))).isEmpty();
    assertThat(left(Phase.SENDING, 250, 25, null)).isEmpty();
  }

  private static String left(Phase phase, long total, long done, @Nullable Duration left) {
    return ProgressText.left(progress(phase, total, done, done, 0, left));
  }

  private static RecoveryProgress progress(
      Phase phase,
      long total,
      long sent,
      long delivered,
      long failedAgain,
      @Nullable Duration left) {
    return new RecoveryProgress(
        phase, total, total, sent, delivered + failedAgain, delivered, failedAgain, 0, 1, left);
  }

  private static RecoveryPlan plan(long toSend, long outOfSight) {
    return new RecoveryPlan(
        List.of(
            new RecoveryPlan.ForAccount(
                new Account("baanx", "main"),
                "Baanx",
                new dev.redrive.recovery.ledger.RetryLedger.About("memory", 0, 0),
                toSend,
                0,
                java.util.Map.of(),
                java.util.Map.of(),
                java.util.Map.of(),
                java.util.Map.of(),
                null,
                null,
                outOfSight,
                0,
                new RecoveryPlan.Dispatch(1, 1, Duration.ZERO, ""),
                List.of())),
        Duration.ZERO);
  }
}
