package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cli.terminal.ScreenText;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar as a person at a terminal sees it. */
public class TerminalIT {
  private static final String ESCAPE = "\u001b[";
  private static final String QUESTION = "[y/N]";

  @TempDir private Path folder;
  private RedriveJar redrive;

  @BeforeEach
  void jar() {
    redrive = new RedriveJar(folder);
  }

  @Test
  void recover_showsThePlanAsksAndShowsABarInColours() {
    try (var fake =
        FakeVoiso.builder().showsDelivered(true).latency(Duration.ofMillis(30)).start()) {
      fake.failures(40);
      fake.endpoint().up();
      redrive.at("voiso", fake);

      RedriveJar.Running running = redrive.onTerminal("recover").awaitText(QUESTION);
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
      RedriveJar.Result result = running.type("y\n").await();

      assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.OK);
      assertThat(result.out())
          .contains("40 deliveries to send")
          .contains(dev.redrive.FailureCause.SERVER_ERROR.advice())
          .containsPattern("sent \\d+ of 40 · \\d+ delivered")
          .contains(ESCAPE + "1m")
          .contains("40 of 40 delivered");
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void recover_whenTheAnswerIsNoOrTheInputEnds_sendsNothing() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(5);
      redrive.at("chatt2me", fake);

      for (String answer : new String[] {"n\n", "\4"}) {
        RedriveJar.Result result =
            redrive.onTerminal("recover").awaitText(QUESTION).type(answer).await();

        assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
        assertThat(result.out()).contains("Declined: nothing was sent");
      }
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
    }
  }

  @Test
  void stdoutAndStderr_areColouredEachForItself() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(5);
      fake.endpoint().up();
      redrive.at("chatt2me", fake);
      Path out = folder.resolve("out");
      Path err = folder.resolve("err");

      String[] recover = {"recover", "--yes", "--output", "json"};
      RedriveJar.Result onStderr = redrive.onTerminal(">" + out, recover).await();
      String[] failures = {"failures"};
      RedriveJar.Result onStdout = redrive.onTerminal("2>" + err, failures).await();

      assertThat(onStderr.out()).contains(ESCAPE);
      assertThat(Files.readAllLines(out)).singleElement().asString().startsWith("{\"run\"");
      assertThat(onStdout.out()).contains(ESCAPE + "1m");
      assertThat(err).isEmptyFile();
    }
  }

  @Test
  void noColor_isHonoured() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(3);
      fake.endpoint().down(500);
      redrive.at("chatt2me", fake).noColor();

      RedriveJar.Result result = redrive.onTerminal("recover", "--yes").await();

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.out())
          .contains("failed again 3")
          .doesNotContainPattern("\u001b\\[[0-9;]*m");
    }
  }

  @Test
  void dumbTerminal_getsNoEscapeCodes() {
    try (var fake = FakeChatt2me.builder().webhooks(1).start()) {
      fake.failures(30);
      fake.endpoint().down(500);
      redrive.at("chatt2me", fake).dumb();

      RedriveJar.Result result =
          redrive.onTerminal("recover").awaitText(QUESTION).type("y\n").await();

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.out()).contains("failed again 3").doesNotContain("\u001b");
    }
  }

  @RepeatedTest(5)
  void canaryStop_leavesNothingOfTheBarInFrontOfTheHeadline() {
    try (var fake =
        FakeVoiso.builder()
            .webhooks(1)
            .showsDelivered(true)
            .latency(Duration.ofMillis(70))
            .start()) {
      fake.failures(20);
      fake.endpoint().down(500);
      redrive.at("voiso", fake);

      RedriveJar.Result result = redrive.onTerminal("recover", "--yes", "-v").await();

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(shown(result)).anyMatch(line -> line.startsWith("Stopped: 0 of 20 delivered"));
      assertThat(shown(result)).anyMatch(line -> line.startsWith("redrive: none of the first 3"));
      assertThat(shown(result))
          .anyMatch(line -> line.contains("DEBUG"))
          .noneMatch(line -> line.contains(" · "));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 60})
  void progress_isOneLineThatFits_andIsGoneAtTheEnd(int columns) {
    try (var fake =
        FakeVoiso.builder().showsDelivered(true).latency(Duration.ofMillis(20)).start()) {
      fake.failures(60);
      fake.endpoint().up();
      redrive.at("voiso", fake).columns(columns);

      RedriveJar.Result result = redrive.onTerminal("recover", "-y", "--concurrency", "1").await();

      assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.OK);
      assertThat(drawn(result)).isNotEmpty().allMatch(line -> line.length() < columns);
      assertThat(ScreenText.of(result.out(), columns)).noneMatch(line -> line.contains(" · "));
    }
  }

  @Test
  void afterAResize_progressFitsAtOnce() throws IOException {
    Path resize = folder.resolve("resize");
    try (var fake =
        FakeVoiso.builder().showsDelivered(true).latency(Duration.ofMillis(20)).start()) {
      fake.failures(150);
      fake.endpoint().up();
      redrive.at("voiso", fake).columns(100).columns(40, resize);

      RedriveJar.Running running =
          redrive
              .onTerminal("recover", "-y", "--canary", "0", "--concurrency", "1")
              .awaitText("being checked");
      Files.createFile(resize);
      RedriveJar.Result result = running.await();

      assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.OK);
      List<String> drawn = drawn(result);
      assertThat(drawn.get(drawn.size() - 1)).hasSizeLessThan(40);
      assertThat(ScreenText.of(result.out(), 200)).noneMatch(line -> line.contains(" · "));
    }
  }

  @Test
  void help_isAsWideAsTheTerminal() {
    for (int columns : new int[] {60, 80, 100}) {
      RedriveJar.Result result = redrive.columns(columns).onTerminal("--help").await();

      assertThat(ScreenText.of(result.out(), 200))
          .allMatch(line -> line.length() <= columns)
          .anyMatch(line -> line.length() > columns - 20);
    }
  }

  @Test
  void historyAndDoctor_fitTheTerminal() {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(3);
      fake.endpoint().down(500);
      redrive.at("chatt2me", fake).columns(80);
      assertThat(redrive.run("recover", "-y").exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);

      for (String[] command : new String[][] {{"history"}, {"history", "last"}, {"doctor"}}) {
        assertThat(ScreenText.of(redrive.onTerminal(command).await().out(), 200))
            .hasSizeGreaterThan(3)
            .allMatch(line -> line.length() <= 80);
      }
    }
  }

  /** Each line of progress as it was drawn in full. */
  private static List<String> drawn(RedriveJar.Result result) {
    return Stream.of(result.out().split("[\r\n]"))
        .map(line -> line.replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", ""))
        .filter(line -> line.startsWith("sent "))
        .toList();
  }

  @Test
  void baanx_isAskedForWhatItDoesNotShowYetToo() {
    try (var fake = FakeBaanx.start()) {
      fake.failures(360);
      redrive.at("baanx", fake);

      RedriveJar.Result result =
          redrive.onTerminal("recover").awaitText(QUESTION).type("n\n").await();

      assertThat(result.out()).containsPattern("Send \\d+ now, and up to \\d+ more that");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
    }
  }

  /** The lines as a person sees them: what was wiped is gone. */
  private static List<String> shown(RedriveJar.Result result) {
    return ScreenText.of(result.out(), 1000);
  }
}
