package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.RedriveJar;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Fault;
import dev.redrive.testkit.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code redrive catch-up --once} against a provider over HTTP. */
public class CatchUpCommandTest {
  /** Voiso lists a failure a day after its time, at the latest. */
  private static final Duration LISTING_DELAY = Duration.ofHours(24);

  @TempDir private Path folder;

  @Test
  void once_recoversWhatFailed_andTheNextRoundFindsNothing() throws IOException {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(5);
      fake.endpoint().up();

      RedriveJar.Result first = catchUp(fake, "--once", "--since", "2000-01-01");
      RedriveJar.Result second = catchUp(fake, "--once");

      assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCode.OK);
      assertThat(first.out().lines())
          .singleElement()
          .asString()
          .matches("\\S+  5 of 5 delivered, back to 2000-01-01T00:00:00\\S+, took .+");
      assertThat(second.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(second.out().lines()).singleElement().asString().contains("  Nothing to recover");
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void asJson_aRoundIsALine_andTellsItsWindow() throws IOException {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      JsonNode first = catchUp(fake, "--once", "-o", "json", "--since", "3d").json().get(0);
      JsonNode second = catchUp(fake, "--once", "-o", "json").json().get(0);
      JsonNode third = catchUp(fake, "--once", "-o", "json", "--look-back", "1h").json().get(0);

      assertThat(first.get("end").asText()).isEqualTo("FINISHED");
      assertThat(first.get("complete").asBoolean()).isTrue();
      Instant until = Instant.parse(first.get("until").asText());
      assertThat(Instant.parse(first.get("since").asText()))
          .isBetween(until.minusSeconds(3 * 86_400 + 100), until.minusSeconds(3 * 86_400));
      assertThat(Instant.parse(second.get("since").asText()))
          .isEqualTo(until.minus(Duration.ofMinutes(30)).minus(LISTING_DELAY));
      assertThat(Instant.parse(third.get("since").asText()))
          .isEqualTo(
              Instant.parse(second.get("until").asText())
                  .minus(Duration.ofHours(1))
                  .minus(LISTING_DELAY));
    }
  }

  @Test
  void anAccount_isBegunFromNowOn_whichIsTold() throws IOException {
    try (var fake = FakeVoiso.builder().showsDelivered(true).start()) {
      fake.failures(5);
      fake.endpoint().up();

      RedriveJar.Result result = catchUp(fake, "--once");

      assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(result.err())
          .contains(": catching up from now on. For what failed earlier, use 'redrive recover'");
      assertThat(fake.requestCount(Operation.RETRY)).isZero();
    }
  }

  @Test
  void roundsOfOneWebhook_saveNoneOfAnother() throws IOException {
    try (var fake = FakeVoiso.builder().webhooks(2).showsDelivered(true).start()) {
      String one = "--webhook=" + fake.webhookIds().get(0);
      String other = "--webhook=" + fake.webhookIds().get(1);
      String[] flags = {"--once", "-o", "json", "--since", "2000-01-01T00:00:00Z"};
      Instant begin = Instant.parse(flags[4]);

      assertThat(sinceOf(catchUp(fake, with(one, flags)))).isEqualTo(begin);
      assertThat(sinceOf(catchUp(fake, with(other, flags)))).isEqualTo(begin);
      assertThat(sinceOf(catchUp(fake, flags))).isEqualTo(begin);
      assertThat(sinceOf(catchUp(fake, with(one, flags)))).isAfter(begin);
    }
  }

  private static Instant sinceOf(RedriveJar.Result round) {
    return Instant.parse(round.json().get(0).get("since").asText());
  }

  private static String[] with(String flag, String... flags) {
    return Stream.concat(Stream.of(flag), Stream.of(flags)).toArray(String[]::new);
  }

  @Test
  void once_endsAsRecoverDoes() throws IOException {
    try (var fake = FakeVoiso.builder().webhooks(1).showsDelivered(true).start()) {
      fake.failures(5);
      fake.endpoint().down(500);
      RedriveJar.Result result = catchUp(fake, "--once", "--since", "2000-01-01");
      assertThat(result.exitCode()).isEqualTo(ExitCode.NOT_ALL_DELIVERED);
      assertThat(result.err()).contains("redrive: none of the first 3");

      fake.faults().on(Operation.LIST).always().inject(Fault.status(401));
      RedriveJar.Result failed = catchUp(fake, "--once");
      assertThat(failed.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(failed.out()).contains("Failed: nothing was sent");
    }
  }

  @Test
  void whatACatchUpDoesNotTake_isNamedAlone() throws IOException {
    try (var fake = FakeVoiso.builder().start()) {
      assertThat(catchUp(fake, "--once", "--again").err())
          .contains("redrive: --again: a catch-up asks for no other round");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--limit=5", "--until=1h", "--again", "--every=0s", "--look-back=-PT1H"})
  void whatCannotWork_isRefused(String flag) throws IOException {
    try (var fake = FakeVoiso.builder().start()) {
      RedriveJar.Result result = catchUp(fake, "--once", flag);

      assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
      assertThat(result.err()).contains(flag.split("=")[0]);
      assertThat(fake.requestCount(Operation.LIST)).isZero();
    }
  }

  private RedriveJar.Result catchUp(FakeProvider fake, String... more) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), fake.apiKey());
    List<String> words =
        List.of(
            "catch-up",
            "--provider=voiso",
            "--base-url=" + fake.baseUrl(),
            "--api-key-file=" + key,
            "--ledger=" + folder.resolve("ledger.db"));
    return CommandLineTool.run(
        Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
  }
}
