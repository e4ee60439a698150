package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.commands.ConfigCommand;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.testkit.FakeBaanx;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Two senders behind profiles, in one command of the built jar. */
public class ProfilesIT {
  @TempDir private Path folder;
  private RedriveJar redrive;
  private FakeChatt2me sales;
  private FakeBaanx cards;

  @BeforeEach
  void twoProfiles() throws IOException {
    redrive = new RedriveJar(folder).withProfiles();
    sales = FakeChatt2me.builder().webhooks(1).start();
    cards = FakeBaanx.start();
    sales.failures(20);
    cards.failures(10);
    sales.endpoint().up();
    cards.endpoint().up();
    add("sales", "chatt2me", sales, sales.apiKey());
    add("cards", "baanx", cards, cards.apiKey());
  }

  @AfterEach
  void closed() {
    sales.close();
    cards.close();
  }

  @Test
  void recover_ofTwoProfiles_hasOnePlanAndOneReport_andSendsNothingMoreTheNextTime() {
    RedriveJar.Result first = redrive.run("recover", "--all", "--yes", "--output", "json");

    assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCode.OK);
    JsonNode report = first.json().get(0);
    assertThat(first.json()).hasSize(1);
    assertThat(report.get("found").asInt()).isEqualTo(30);
    assertThat(report.get("delivered").asInt()).isEqualTo(30);
    assertThat(report.get("profiles")).hasSize(2);
    assertProfile(report.get("profiles").get(0), "sales", 20, "FINISHED");
    assertProfile(report.get("profiles").get(1), "cards", 10, "FINISHED");
    assertThat(report.get("profiles"))
        .extracting(profile -> profile.get("requests").asLong())
        .containsExactly(sales.requestCount(Operation.RETRY), cards.requestCount(Operation.RETRY));
    assertThat(first.err().lines().filter(line -> line.startsWith("  sales "))).hasSize(1);
    assertThat(first.err().lines().filter(line -> line.startsWith("  cards "))).hasSize(1);
    assertThat(first.out() + first.err()).doesNotContain(sales.apiKey(), cards.apiKey());

    RedriveJar.Result second = redrive.run("recover", "-p", "cards,sales", "--yes");

    assertThat(second.exitCode()).as(second.err()).isEqualTo(ExitCode.OK);
    assertThat(second.out()).startsWith("Nothing to recover");
    assertThat(sales.endpoint().resends() + cards.endpoint().resends()).isEqualTo(30);
  }

  @Test
  void aProfileWithAWrongKey_isSaid_andTheOtherIsRecovered() throws IOException {
    Files.writeString(folder.resolve("sales.key"), "wrong-key-4711");

    RedriveJar.Result plan = redrive.run("plan", "--all");
    RedriveJar.Result failures = redrive.run("failures", "--all", "--output", "json");
    RedriveJar.Result recover = redrive.run("recover", "--all", "--yes", "--output", "json");

    assertThat(plan.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(plan.err()).startsWith("redrive: sales: ");
    assertThat(plan.out())
        .contains("  cards ")
        .containsPattern("\\n  sales +- +- +- +could not be read\\n")
        .contains("warning: sales: not in this plan: ");
    assertThat(failures.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failures.err()).startsWith("{\"error\":\"sales: ");
    assertThat(failures.json())
        .hasSize(10)
        .allMatch(line -> line.get("profile").asText().equals("cards"));
    assertThat(recover.exitCode()).isEqualTo(ExitCode.FAILED);
    JsonNode report = recover.json().get(0);
    assertThat(report.get("end").asText()).isEqualTo("FAILED");
    assertThat(report.get("problems").get(0).asText()).startsWith("sales: ");
    assertProfile(report.get("profiles").get(0), "sales", 0, "FAILED");
    assertProfile(report.get("profiles").get(1), "cards", 10, "FINISHED");
    assertThat(recover.err())
        .containsPattern("\\n? +sales +- +- +- +could not be read\\n")
        .contains("{\"error\":\"sales: ");
    assertThat(cards.endpoint().resends()).isEqualTo(10);
    assertThat(recover.out() + recover.err()).doesNotContain("wrong-key-4711");

    RedriveJar.Result again = redrive.run("recover", "--all", "--yes");
    RedriveJar.Result round = redrive.run("catch-up", "--all", "--once");

    assertThat(again.err())
        .as("all that was skipped is delivered")
        .contains("redrive: sales: ")
        .doesNotContain("were skipped");
    assertThat(round.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(round.err()).contains("redrive: sales: Chatt2.me: ");
    assertThat(cards.endpoint().resends()).isEqualTo(10);
  }

  @Test
  void aProfileWhoseApiCannotDoIt_isToldInWordsOfTheCommandLine() throws IOException {
    try (var calls = FakeVoiso.start()) {
      add("calls", "voiso", calls, calls.apiKey());

      RedriveJar.Result logs = redrive.run("logs", "--all");

      assertThat(logs.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(logs.err())
          .isEqualTo(
              "redrive: calls: Voiso's API cannot do this: listing delivery logs. 'redrive"
                  + " providers' shows what each can do.\n");
      assertThat(logs.out()).contains("\nsales ", "\ncards ");
    }
  }

  @Test
  void aProfileThatCannotBeReached_orWithoutItsWebhook_doesNotHideTheOther() {
    sales.close();
    redrive.run("config", "remove", "cards");
    redrive.run(
        "config",
        "add",
        "cards",
        "--provider",
        "baanx",
        "--base-url",
        cards.baseUrl(),
        "--webhook",
        "00000000-0000-4000-8000-000000000000",
        "--key-file",
        folder.resolve("cards.key").toString());

    RedriveJar.Result result =
        redrive.run("recover", "--all", "--yes", "--verify-timeout", "1s", "--output", "json");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    JsonNode profiles = result.json().get(0).get("profiles");
    assertProfile(profiles.get(0), "sales", 0, "FAILED");
    assertProfile(profiles.get(1), "cards", 0, "FAILED");
    assertThat(profiles.get(1).get("problems").get(0).asText()).contains("no such webhook");
  }

  @Test
  void webhooks_ofTwoProfiles_haveAColumnForThem_andOfOneNone() {
    RedriveJar.Result both = redrive.run("webhooks", "--profile", "sales,cards");
    RedriveJar.Result one = redrive.run("webhooks", "--profile", "sales");

    assertThat(both.exitCode()).as(both.err()).isEqualTo(ExitCode.OK);
    assertThat(both.out()).startsWith("PROFILE  ID ").contains("\nsales ", "\ncards ");
    assertThat(one.out()).startsWith("ID ").doesNotContain("sales");
  }

  @Test
  void retry_worksOnOneProfile() {
    String id = List.copyOf(sales.failures(1)).get(0);

    RedriveJar.Result several = redrive.run("retry", "--all", id);
    RedriveJar.Result one = redrive.run("retry", "-p", "sales", id);

    assertThat(several.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(several.err()).contains("retry works on one account: name one profile");
    assertThat(one.exitCode()).as(one.err()).isEqualTo(ExitCode.OK);
  }

  @Test
  void aProfileWithoutItsKey_isSaidBeforeAnythingIsSent() throws IOException {
    Files.delete(folder.resolve("cards.key"));

    RedriveJar.Result result = redrive.run("recover", "--all", "--yes");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("profile cards: no API key: the file ", "does not exist");
    assertThat(sales.endpoint().resends()).isZero();
  }

  private void add(String name, String provider, FakeProvider fake, String key) throws IOException {
    Path file = folder.resolve(name + ".key");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, key);
    var err = new ByteArrayOutputStream();
    Terminal.Stream stream = CommandLineTool.plain(err);
    var terminal = new Terminal(InputStream.nullInputStream(), stream, stream, false);
    var config = new ConfigCommand(terminal, Map.of("XDG_CONFIG_HOME", folder.toString()));
    int exitCode =
        new CommandLine(config)
            .execute(
                "add",
                name,
                "--provider",
                provider,
                "--base-url",
                fake.baseUrl(),
                "--key-file",
                file.toString());
    assertThat(exitCode).as(err.toString(UTF_8)).isEqualTo(ExitCode.OK);
    assertThat(redrive.config()).content().doesNotContain(key);
  }

  private static void assertProfile(JsonNode profile, String name, int delivered, String end) {
    assertThat(profile.get("profile").asText()).isEqualTo(name);
    assertThat(profile.get("delivered").asInt()).isEqualTo(delivered);
    assertThat(profile.get("end").asText()).isEqualTo(end);
  }
}
