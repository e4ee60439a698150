package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code redrive recover} from the built jar, as scripts see it. */
public class RecoverIT {
  @TempDir private Path folder;
  private RedriveJar redrive;

  @BeforeEach
  void jar() {
    redrive = new RedriveJar(folder);
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void recover_whenTheEndpointIsUpAgain_deliversEachOnceAndSendsNothingMoreTheNextTime(
      String provider) throws IOException {
    try (FakeProvider fake = Fakes.start(provider)) {
      fake.failures(30);
      fake.endpoint().up();
      Path results = folder.resolve("results.jsonl");

      RedriveJar.Result first =
          redrive
              .at(provider, fake)
              .run("recover", "--yes", "--output", "json", "--results", results.toString());

      assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCode.OK);
      JsonNode report = first.json().get(0);
      assertThat(first.json()).hasSize(1);
      assertThat(report.fieldNames())
          .toIterable()
          .containsExactly(
              "run",
              "provider",
              "account",
              "found",
              "skipped",
              "delivered",
              "failedAgain",
              "pending",
              "rejected",
              "unknown",
              "notSent",
              "requests",
              "elapsedMs",
              "end",
              "outOfSight",
              "problems");
      assertThat(report.get("provider").asText()).isEqualTo(provider.toString());
      assertThat(report.get("found").asInt()).isEqualTo(30);
      assertThat(report.get("delivered").asInt()).isEqualTo(30);
      assertThat(Files.readAllLines(results))
          .hasSize(30)
          .allMatch(
              line -> RedriveJar.Result.parse(line).get("state").asText().equals("DELIVERED"));
      assertThat(first.out() + first.err()).doesNotContain(fake.apiKey()).doesNotContain("\u001b");

      RedriveJar.Result second = redrive.run("recover", "--yes");

      assertThat(second.exitCode()).as(second.err()).isEqualTo(ExitCode.OK);
      assertThat(second.out()).startsWith("Nothing to recover");
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
      assertThat(fake.endpoint().resends()).isEqualTo(30);
    }
  }

  @Test
  void recover_whenTheEndpointIsStillDown_stopsAfterTheCanaryAndSaysWhyAndWhatToDo() {
    try (var fake = FakeChatt2me.builder().webhooks(1).start()) {
      List<String> ids = fake.failures(20);
      fake.endpoint().down(503);

      RedriveJar.Result result = redrive.at("chatt2me", fake).run("recover", "--yes");

      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(fake.endpoint().resends()).isEqualTo(3);
      assertThat(result.out())
          .contains("0 of 20 delivered")
          .contains("failed again 3: server error (HTTP 503)")
          .contains(dev.redrive.FailureCause.SERVER_ERROR.advice())
          .contains("--again sends it once more")
          .contains("not sent 17")
          .contains(ids.subList(3, 20));
      assertThat(result.err()).contains("none of the first 3 retries was delivered");
      assertThat(redrive.run("recover", "--yes", "--again", "--output", "json").exitCode())
          .isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(fake.endpoint().resends()).isEqualTo(6);
    }
  }

  @Test
  void aFailedRun_leavesYesterdaysFilesAlone_andSaysSo() throws IOException {
    try (var fake = FakeBaanx.start()) {
      fake.failures(5);
      Path results = Files.writeString(folder.resolve("results.jsonl"), "yesterday");
      Path report = Files.writeString(folder.resolve("report.html"), "yesterday");
      redrive.at("baanx", fake.baseUrl(), "wrong-key-4711");

      RedriveJar.Result result =
          redrive.run(
              "recover",
              "--yes",
              "--output",
              "json",
              "--results",
              results.toString(),
              "--report",
              report.toString());

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.json().get(0).get("end").asText()).isEqualTo("FAILED");
      assertThat(result.err()).contains("Not written: " + results + " and " + report);
      assertThat(results).hasContent("yesterday");
      assertThat(report).hasContent("yesterday");
    }
  }

  @Test
  void aKilledRun_leavesYesterdaysFilesAlone() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(30);
      fake.faults().on(Operation.LIST).always().inject(Fault.stall());
      Path results = Files.writeString(folder.resolve("results.jsonl"), "yesterday");
      Path report = Files.writeString(folder.resolve("report.html"), "yesterday");

      redrive
          .at("chatt2me", fake)
          .start("recover", "--yes", "--results", results.toString(), "--report", report.toString())
          .awaitThat("it lists", () -> fake.requestCount(Operation.LIST) > 0)
          .kill();

      assertThat(results).hasContent("yesterday");
      assertThat(report).hasContent("yesterday");
    }
  }
}
