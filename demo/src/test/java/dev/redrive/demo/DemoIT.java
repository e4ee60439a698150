package dev.redrive.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process, without a terminal. */
public class DemoIT {
  private static final int WIDTH = 80;
  private static final int HEIGHT = 24;
  private static final int PROVIDERS = World.providers().size();
  private static final int FAILURES = 20 * PROVIDERS;

  /** The receiver refuses two events of each provider at first. */
  private static final int REFUSED = 2 * PROVIDERS;

  @TempDir private static Path folder;
  @TempDir private static Path temporary;

  /** An interrupted demo may leave files, because its killed recovery may still write them. */
  @TempDir private static Path temporaryOfInterrupted;

  private static Shell shell;

  /** Of all providers, to its end. */
  private static Shell.Result ofAll;

  /** Of two, interrupted in its last act. */
  private static Shell.Result verbose;

  /** The same in another order, interrupted after its first act. */
  private static Shell.Result same;

  @BeforeAll
  static void threeDemosAtOnce() {
    shell = shellWith(temporary);
    Shell interrupted = shellWith(temporaryOfInterrupted);
    Shell.Running first = shell.demo("--failures", "20");
    Shell.Running second = ofTwo(interrupted, "voiso,baanx", "2.html", "--verbose");
    Shell.Running third = ofTwo(interrupted, "baanx,voiso", "3.html", "-v");
    same = third.awaitText("2. ").interrupt().await();
    verbose = second.awaitText("3. ").interrupt().await();
    ofAll = first.await();
  }

  private static Shell shellWith(Path temporary) {
    return new Shell(folder, Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary));
  }

  private static Shell.Running ofTwo(Shell shell, String providers, String page, String option) {
    return shell.demo(
        "--failures", "20", "--provider", providers, "--seed", "7", "--report", page, option);
  }

  @Test
  void allProviders_theObviousLoopFails_andRedriveDoesNot() throws IOException {
    assertThat(ofAll.exitCode()).as(ofAll.err()).isZero();
    assertFitsOnAScreen(ofAll);
    List<int[]> obvious = counts(act(ofAll, 1));
    assertThat(obvious).hasSize(2);
    assertThat(obvious.get(0)[0]).as("twice").isPositive();
    assertThat(obvious.get(0)[1]).as("lost").isEqualTo(REFUSED);
    assertThat(obvious.get(1)[0]).as("twice, run again").isGreaterThan(obvious.get(0)[0]);
    List<int[]> redrive = counts(act(ofAll, 2));
    assertThat(redrive.get(0)).as("at the end of the first run").containsExactly(0, REFUSED);
    assertThat(redrive.get(1)).containsExactly(0, 0);
    assertThat(act(ofAll, 2)).contains(" " + REFUSED + " failed again");
    assertThat(counts(act(ofAll, 3))).containsExactly(new int[] {0, 0});
    assertThat(act(ofAll, 3)).containsPattern("Not delivered so far: +[1-9][0-9]*");
    assertThat(row(ofAll, "in all")[0]).isEqualTo(obvious.get(1)[0]);
    for (String provider :
        List.of("Baanx", "Chatt2.me", "ONLYOFFICE DocSpace", "Voiso", "GitHub", "in all")) {
      assertThat(Arrays.copyOfRange(row(ofAll, provider), 2, 6)).as(provider).containsOnly(0);
    }
  }

  @Test
  void thePage_isOfTheSecondAct() throws IOException {
    assertThat(ofAll.out()).contains("The page of act 2 is in redrive-demo.html");
    assertThat(folder.resolve("redrive-demo.html"))
        .content()
        .containsPattern("<h1>" + (FAILURES - REFUSED) + " of " + FAILURES + " delivered")
        .contains("HTTP 422")
        .endsWith("</html>\n");
    assertThat(temporary).as("ledgers").isEmptyDirectory();
  }

  @Test
  void verbose_showsPassesAndPlans() {
    assertThat(verbose.err()).contains("Voiso, pass 1: 20 failed, 20 new", "20 deliveries to send");
    assertThat(verbose.err()).contains("36 of 40 delivered", "4 of 4 delivered");
  }

  @Test
  void theObviousLoopAtTheSameSeed_failsTheSame() {
    assertThat(act(same, 1)).isEqualTo(act(verbose, 1));
  }

  @Test
  void interrupted_endsAtOnce() {
    assertThat(verbose.exitCode()).isEqualTo(130);
    assertThat(verbose.err()).doesNotContain("Exception");
  }

  @Test
  void numberOutOfBounds_isRefused() {
    Shell.Result result = shell.demo("--failures", "0").await();

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--failures is 0: use 1 to 10000");
  }

  @Test
  void pageThatCannotBeWritten_isKnownBeforeAnythingIsDone() {
    Shell.Result result = shell.demo("--report", "none/page.html").await();

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("none/page.html");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void theJarOfUsers_holdsNoTestKit_andSaysWhereTheDemoIs() throws IOException {
    try (var jar = new ZipFile(Shell.JAR.toFile());
        Stream<String> names = jar.stream().map(entry -> entry.getName())) {
      assertThat(names)
          .contains("dev/redrive/cli/Main.class")
          .noneMatch(
              name ->
                  name.matches(
                      "(dev/redrive/(testkit|demo)|mockwebserver3|org/(junit|assertj|opentest4j))/.*"));
    }

    Shell.Result result = shell.run(Shell.JAVA, "-jar", Shell.JAR.toString(), "demo");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("./redrive demo").doesNotContain("Exception");
  }

  private static void assertFitsOnAScreen(Shell.Result result) {
    List<String> lines =
        Stream.concat(result.out().lines(), result.err().lines())
            .filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS"))
            .toList();
    assertThat(lines).hasSizeLessThanOrEqualTo(HEIGHT).allMatch(line -> line.length() <= WIDTH);
  }

  /** The lines of one act. */
  private static String act(Shell.Result result, int number) {
    Matcher act = Pattern.compile("(?ms)^" + number + "\\. .*?^$").matcher(result.out());
    assertThat(act.find()).as(result.out() + result.err()).isTrue();
    return act.group();
  }

  /** Delivered twice and lost, of each step that tells both. */
  private static List<int[]> counts(String act) {
    return Pattern.compile("(\\S+) delivered twice, (\\S+) lost")
        .matcher(act)
        .results()
        .map(found -> new int[] {number(found.group(1)), number(found.group(2))})
        .toList();
  }

  private static int[] row(Shell.Result result, String name) {
    String row =
        result.out().lines().filter(line -> line.startsWith(name)).findFirst().orElseThrow();
    return Arrays.stream(row.substring(name.length()).strip().split(" +"))
        .mapToInt(DemoIT::number)
        .toArray();
  }

  private static int number(String text) {
    return text.equals("none") ? 0 : Integer.parseInt(text.replace(",", ""));
  }
}
