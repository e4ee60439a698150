package dev.redrive.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.Fakes;
import dev.redrive.cli.RedriveJar;
import dev.redrive.cli.options.Providers;
import dev.redrive.testkit.FakeChatt2me;
import dev.redrive.testkit.FakeProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the commands that only read write. */
class ListingCommandsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void failures_areAJsonObjectALine_withEveryField(String provider) throws IOException {
    try (FakeProvider fake = Fakes.start(provider)) {
      List<String> ids = List.copyOf(fake.failures(7));

      RedriveJar.Result result = run(provider, fake, "failures", "--output", "json");

      assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
      assertThat(result.err()).isEmpty();
      assertThat(result.json())
          .extracting(line -> line.get("id").asText())
          .containsExactlyInAnyOrderElementsOf(ids);
      JsonNode line = result.json().get(0);
      assertThat(line.fieldNames())
          .toIterable()
          .containsExactly(
              "provider",
              "account",
              "id",
              "logId",
              "webhookId",
              "webhookName",
              "endpoint",
              "eventId",
              "eventType",
              "status",
              "providerStatus",
              "httpStatus",
              "error",
              "responseBody",
              "attempt",
              "createdAt",
              "attemptedAt",
              "nextRetryAt",
              "cause",
              "advice");
      assertThat(line.get("provider").asText()).isEqualTo(provider);
      assertThat(line.get("status").asText()).isEqualTo("FAILED");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void webhooks_areListedAsATable(String provider) throws IOException {
    try (FakeProvider fake = Fakes.start(provider)) {
      RedriveJar.Result result = run(provider, fake, "webhooks");

      assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(result.out().lines()).hasSize(4);
      assertThat(result.out()).startsWith("ID ").contains(fake.webhookIds());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.redrive.cli.options.Providers#names")
  void anUnknownWebhook_isSaid(String provider) throws IOException {
    try (FakeProvider fake = Fakes.start(provider)) {
      fake.failures(3);
      // A number stays one, and so does a UUID.
      String unknown = fake.webhookIds().get(0).replaceAll("[0-9a-f]", "9");

      RedriveJar.Result result = run(provider, fake, "failures", "--webhook", unknown);

      assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).contains(unknown).contains("'redrive webhooks' lists what there is");
    }
  }

  @Test
  void logs_showSucceededOnesToo_unlessACauseIsAskedFor() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(10);
      fake.successes(10);

      RedriveJar.Result all = run("chatt2me", fake, "logs", "--output", "json");
      RedriveJar.Result some =
          run(
              "chatt2me",
              fake,
              "logs",
              "--output",
              "json",
              "--cause",
              "server-error",
              "--limit",
              "2");

      assertThat(all.json()).extracting(line -> line.get("status").asText()).contains("SUCCEEDED");
      assertThat(all.json()).hasSize(20);
      assertThat(some.json()).hasSizeBetween(1, 2);
      assertThat(some.json()).allMatch(line -> line.get("httpStatus").asInt() >= 500);
    }
  }

  @Test
  void failures_byTimeAndLimit() throws IOException {
    try (var fake = FakeChatt2me.start()) {
      fake.failures(60);

      RedriveJar.Result recent = run("chatt2me", fake, "failures", "--since", "2h");
      RedriveJar.Result five = run("chatt2me", fake, "failures", "--limit", "5");
      RedriveJar.Result none = run("chatt2me", fake, "failures", "--until", "2d");

      assertThat(recent.out().lines().count()).isBetween(10L, 30L);
      assertThat(five.out().lines()).hasSize(6);
      assertThat(none.out()).isEmpty();
      assertThat(none.err()).isEqualTo("no failures match\n");
      assertThat(none.exitCode()).isEqualTo(ExitCode.OK);
    }
  }

  @Test
  void providers_makesNoRequestAndTellsLimits() {
    RedriveJar.Result result = CommandLineTool.run("providers", "--output", "json");

    // Voiso has two versions.
    assertThat(result.json()).hasSize(Providers.ALL.size() + 1);
    assertThat(result.json())
        .filteredOn(line -> line.get("provider").asText().equals("onlyoffice"))
        .singleElement()
        .satisfies(
            line -> assertThat(line.at("/limits/0/requests").asInt()).as("%s", line).isEqualTo(5));
    assertThat(CommandLineTool.run("providers").out()).contains("5 bulk in 15 min");
  }

  @Test
  void history_withoutALedger_saysSo() {
    String none = folder.resolve("none").toString();
    RedriveJar.Result result = CommandLineTool.run("history", "--ledger", none);
    RedriveJar.Result ofARun = CommandLineTool.run("history", "last", "--ledger", none);

    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.err()).contains("no runs yet");
    assertThat(ofARun.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(ofARun.err())
        .isEqualTo("redrive: there is no ledger at " + none + ": check --ledger\n");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private RedriveJar.Result run(String provider, FakeProvider fake, String... args)
      throws IOException {
    Path key = folder.resolve("key");
    if (Files.notExists(key)) {
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(key, fake.apiKey());
    var all = new ArrayList<>(List.of(args));
    all.addAll(
        1,
        List.of(
            "--provider", provider,
            "--base-url", fake.baseUrl(),
            "--api-key-file", key.toString()));
    all.addAll(Fakes.flags(provider, fake));
    return CommandLineTool.run(all.toArray(String[]::new));
  }
}
