package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a process, without a terminal. */
public class DemoIT {
  private static final Pattern ID =
      Pattern.compile("^  (\\S{24,}) .* 20\\d\\d-", Pattern.MULTILINE);

  @TempDir private Path folder;
  private RedriveJar redrive;
  private Path report;

  @BeforeEach
  void jar() {
    redrive = new RedriveJar(folder);
    report = folder.resolve("report.html");
  }

  @Test
  void allProviders_eachEventIsDeliveredOnce_andAReportIsLeftBehind() throws IOException {
    RedriveJar.Result result = demo("--failures", "25");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(result.out())
        .contains("92 of 100 delivered", "8 of 8 delivered", "failed again 8")
        .contains("Each event was delivered once: none twice, none lost.")
        .contains("Report of the first round: " + report)
        .doesNotContain("\u001b");
    assertThat(result.err()).contains("Chatt2.me", "Baanx", "ONLYOFFICE DocSpace", "Voiso");
    assertThat(Files.readString(report))
        .contains("92 of 100 delivered", "HTTP 422", "</html>")
        .doesNotContain("http://", "<link", "src=");
  }

  @Test
  void sameSeed_sameDeliveries_anotherSeedOthers() {
    RedriveJar.Running first = seeded("7", "first.html");
    RedriveJar.Running same = seeded("7", "same.html");
    RedriveJar.Running other = seeded("8", "other.html");

    List<String> ids = ids(first.await());

    assertThat(ids).hasSize(2);
    assertThat(ids(same.await())).isEqualTo(ids);
    assertThat(ids(other.await())).hasSize(2).doesNotContainAnyElementsOf(ids);
  }

  private RedriveJar.Running seeded(String seed, String page) {
    return redrive.start(
        "demo",
        "--provider",
        "voiso",
        "--failures",
        "20",
        "--seed",
        seed,
        "--report",
        folder.resolve(page).toString());
  }

  @Test
  void interrupted_stopsInGoodOrder_andTheNextOneStartsAfresh() {
    RedriveJar.Result stopped =
        redrive
            .start("demo", "--provider", "baanx,chatt2me", "--report", report.toString())
            .awaitText("In all:")
            .interrupt()
            .await();

    assertThat(stopped.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(stopped.err()).contains("run it again for a new one").doesNotContain("Exception");
    assertThat(demo("--provider", "baanx", "--failures", "5").exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void numberOutOfBoundsIsRefused_andTheFlagNamed() {
    RedriveJar.Result result = demo("--failures", "0");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("--failures is 0: use 1 to 10000").contains("Usage:");
  }

  @Test
  void reportThatCannotBeWrittenIsKnownBeforeAnythingIsSent() {
    RedriveJar.Result result =
        redrive.run("demo", "--report", folder.resolve("none/report.html").toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("none/report.html").doesNotContain("to send");
  }

  private RedriveJar.Result demo(String... args) {
    var all = new java.util.ArrayList<>(List.of("demo", "--report", report.toString()));
    all.addAll(List.of(args));
    return redrive.run(all.toArray(String[]::new));
  }

  /** What failed again, as the report names it. */
  private static List<String> ids(RedriveJar.Result result) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    return ID.matcher(result.out()).results().map((MatchResult m) -> m.group(1)).toList();
  }
}
