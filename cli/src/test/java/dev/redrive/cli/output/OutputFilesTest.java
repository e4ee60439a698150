package dev.redrive.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ReportOf;
import dev.redrive.cli.options.Invocation;
import dev.redrive.cli.page.WebhookNames;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RecoveryReport.End;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of an earlier run are replaced by a complete file, or not at all. */
class OutputFilesTest {
  private static final String YESTERDAY = "yesterday";

  @TempDir private Path folder;
  private Path results;
  private Path page;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void yesterday() throws IOException {
    results = Files.writeString(folder.resolve("results.jsonl"), YESTERDAY);
    page = Files.writeString(folder.resolve("report.html"), YESTERDAY);
  }

  @ParameterizedTest
  @CsvSource({"FAILED, 0, 0", "DECLINED, 20, 0", "CANCELLED, 0, 0", "CANCELLED, 20, 0"})
  void aRunWithNothingToTell_leavesBothFilesAlone_andSaysSo(End end, long found, long requests)
      throws IOException {
    write(report(end, found, requests));

    assertThat(results).hasContent(YESTERDAY);
    assertThat(page).hasContent(YESTERDAY);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("Not written: " + results + " and " + page);
    assertNothingIsLeftBeside();
  }

  @ParameterizedTest
  @CsvSource({
    "FINISHED, 0, 0",
    "FINISHED, 20, 5",
    "STOPPED, 20, 3",
    "FAILED, 20, 3",
    "CANCELLED, 20, 3"
  })
  void aRunWithSomethingToTell_replacesBothFiles(End end, long found, long requests)
      throws IOException {
    write(report(end, found, requests));

    assertThat(results).isEmptyFile();
    assertThat(page).content().endsWith("</html>\n");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("The report is in " + page + "\n");
    assertNothingIsLeftBeside();
  }

  @Test
  void untilItIsComplete_theOldFilesStand() throws IOException {
    try (var files = files()) {
      assertThat(results).hasContent(YESTERDAY);
      assertThat(page).hasContent(YESTERDAY);
    }
    assertNothingIsLeftBeside();
  }

  @Test
  void aFileThatCannotBeWritten_isKnownAtOnce_byItsOwnName() throws IOException {
    Path nowhere = folder.resolve("none/r.html");

    assertThatThrownBy(() -> new NewFile(nowhere))
        .isInstanceOf(UncheckedIOException.class)
        .cause()
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(nowhere.toString());
    assertThatThrownBy(() -> new NewFile(folder)).hasMessageContaining("is a folder: name a file");
    assertThatThrownBy(() -> files(nowhere)).isInstanceOf(UncheckedIOException.class);
    assertNothingIsLeftBeside();
  }

  @Test
  void aFileThatMayNotBeWritten_isNotReplaced() throws IOException {
    Files.setPosixFilePermissions(page, PosixFilePermissions.fromString("r--r--r--"));
    org.junit.jupiter.api.Assumptions.assumeFalse(Files.isWritable(page), "root may write all");

    assertThatThrownBy(() -> new NewFile(page)).hasCauseInstanceOf(AccessDeniedException.class);
  }

  @Test
  void linkStaysALink_andPermissionsStayAsTheyAre() throws IOException {
    Files.setPosixFilePermissions(page, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("latest.html"), page);

    try (var file = new NewFile(link)) {
      file.write("today");
      file.keep();
    }

    assertThat(link).isSymbolicLink().hasContent("today");
    assertThat(page).hasContent("today");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(page)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void whatIsNoFile_isWrittenToDirectly() throws IOException {
    try (var file = new NewFile(Path.of("/dev/null"))) {
      file.write("today");
      file.keep();
    }

    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();
  }

  private void write(RecoveryReport report) {
    try (var files = files()) {
      files.write(report, ReportOf.ledger());
    }
  }

  private OutputFiles files() {
    return files(results);
  }

  private OutputFiles files(Path results) {
    return new OutputFiles(
        terminal(),
        new OutputFiles.Wanted(results, page, Invocation.NONE, () -> WebhookNames.NONE));
  }

  private Terminal terminal() {
    return CommandLineTool.terminal(new ByteArrayOutputStream(), err);
  }

  private static RecoveryReport report(End end, long found, long requests) {
    return new ReportOf(end)
        .counts(new DeliveryCounts(found, Map.of(), 0, 0, 0, 0, 0, found))
        .requests(requests)
        .build();
  }

  private void assertNothingIsLeftBeside() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(results, page);
    }
  }
}
