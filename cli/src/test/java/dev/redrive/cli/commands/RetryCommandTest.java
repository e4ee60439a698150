package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.RedriveJar;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code retry} tells of several failed logs of one event. */
class RetryCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"200,DELIVERED,0", "503,FAILED_AGAIN,3"})
  void twoLogsOfOneEvent_areSentOnce_andTheEarlierOneSaysSo(
      int answer, String outcome, int exitCode) throws IOException {
    for (boolean oldestFirst : new boolean[] {false, true}) {
      try (var fake = FakeChatt2me.builder().oldestFirst(oldestFirst).start()) {
        Instant time = Instant.now();
        String earlier = fake.delivery().at(time.minus(Duration.ofHours(2))).add();
        String newer =
            fake.delivery().at(time.minus(Duration.ofHours(1))).sameMessageAs(earlier).add();
        fake.endpoint().down(answer);

        RedriveJar.Result result = retry(fake, "ledger" + oldestFirst, earlier, newer);

        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
        assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(1);
        assertThat(fake.endpoint().resends(newer)).isEqualTo(1);
        assertThat(fake.endpoint().resends(earlier)).isZero();
        assertSkipped(result.json().get(0), newer, outcome);
        assertThat(result.json().get(1).get("id").asText()).isEqualTo(newer);
        assertThat(result.json().get(1).get("result").asText()).isEqualTo("ACCEPTED");
        assertThat(result.json().get(1).get("outcome").asText()).isEqualTo(outcome);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLogWhoseRetryFailed_namedAgain_isToldByTheLogThatIsSentInItsPlace(boolean withMessage)
      throws IOException {
    try (var fake = FakeChatt2me.start()) {
      String first = withMessage ? fake.delivery().add() : fake.delivery().withoutMessage().add();
      fake.endpoint().down(503);
      RedriveJar.Result failed = retry(fake, "ledger", first);
      assertThat(failed.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      String second = failed.json().get(0).get("newLogId").asText();
      fake.endpoint().up();

      RedriveJar.Result result = retry(fake, "ledger", first);

      assertSkipped(result.json().get(0), second, "DELIVERED");
      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailedLogAndItsFailedRetry_areSentOnce(boolean withMessage) throws IOException {
    try (var fake = FakeChatt2me.start()) {
      String first = withMessage ? fake.delivery().add() : fake.delivery().withoutMessage().add();
      fake.endpoint().down(503);
      String second = retry(fake, "ledger", first).json().get(0).get("newLogId").asText();
      fake.endpoint().up();

      RedriveJar.Result result = retry(fake, "ledger", first, second);

      assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.OK);
      assertThat(result.json())
          .extracting(line -> line.get("result").asText())
          .containsExactly("SKIPPED", "ACCEPTED");
      assertSkipped(result.json().get(0), second, "DELIVERED");
      assertThat(result.json().get(1).get("outcome").asText()).isEqualTo("DELIVERED");
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(2);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  private static void assertSkipped(JsonNode line, String sent, String outcome) {
    assertThat(line.get("result").asText()).isEqualTo("SKIPPED");
    assertThat(line.get("outcome").asText()).isEqualTo(outcome);
    assertThat(line.get("reason").asText())
        .isEqualTo(
            "not sent: an earlier attempt of the same event as "
                + sent
                + ", whose retry counts for both");
  }

  private RedriveJar.Result retry(FakeChatt2me fake, String ledger, String... ids)
      throws IOException {
    Path key = folder.resolve("key");
    if (Files.notExists(key)) {
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(key, fake.apiKey());
    var all =
        new ArrayList<>(
            List.of(
                "retry",
                "--provider",
                "chatt2me",
                "--account",
                "test",
                "--base-url",
                fake.baseUrl(),
                "--api-key-file",
                key.toString(),
                "--ledger",
                folder.resolve(ledger).toString(),
                "--output",
                "json"));
    all.addAll(List.of(ids));
    return CommandLineTool.run(all.toArray(String[]::new));
  }
}
