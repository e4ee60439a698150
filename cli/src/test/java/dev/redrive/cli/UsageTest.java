package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong command lines end with 2, and a line that names the flag and the cure. */
public class UsageTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --canary -1                  | --canary is -1: use 0 for none
          --canary x                   | '--canary': 'x' is not a whole number
          --max-rate 0                 | --max-rate is 0.0: use a number of requests a second above 0
          --max-rate fast              | '--max-rate': 'fast' is not a number
          --concurrency 0              | --concurrency is 0: use at least 1
          --batch-size 0               | --batch-size is 0: use at least 1
          --verify-timeout soon        | 'soon' is not a duration: use 90s, 2m, 6h or PT6H
          --verify-timeout PT-1S       | it is negative: use a duration such as 90s or 2m
          --verify-timeout 9999w       | it is more than a year: use a duration such as 90s or 2m
          --since someday              | 'someday' is not a time (10:30, yesterday, 2026-03-01, 2026-03-01T12:00
          -o xml                       | unknown format 'xml': use table or json
          --since 1h --until 2h        | swap or widen them
          --limit 0                    | --limit is 0: ask for at least 1
          --event-type=                | --event-type is empty: name a type, or leave it out
          --event-type a,,b            | --event-type is empty: name a type, or leave it out
          --cause broken               | unknown cause 'broken': use one of no-response, unauthorized
          --output xml                 | unknown format 'xml': use table or json
          --cannary 3                  | Did you mean --ca
          --profile sales              | --provider, --api-key-file and --profile exclude each other
          --api-version v9             | unknown version 'v9': use v4 or v1
          --provider nosuch            | unknown provider 'nosuch': use one of
          --api-version v4             | --api-version is for voiso only: leave it out, chatt2me takes --base-url, --webhook, --account
          --base-url http://far.example.com | use https
          --base-url no-url            | --base-url: it is malformed: use https://
          --base-url https://a:b@c.example.com | remove them and put the key into REDRIVE_API_KEY
          --webhook 17                 | --webhook is not a UUID
          --api-key-file /no/such/file | no API key: the file /no/such/file does not exist
          """)
  void recover_withAWrongFlag_namesItAndTheCure(String flags, String message) throws IOException {
    RedriveJar.Result result = CommandLineTool.run(recover(flags));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(2);
    assertThat(result.err())
        .startsWith("redrive: ")
        .contains(message)
        .contains("Usage: redrive recover [OPTIONS]. 'redrive recover --help' lists all options.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--api-key=sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--api-key sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--apikey=sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "-k sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "-ksk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "-sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--yes=sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--canary sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--max-rate sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--limit sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--since sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--cause sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--cause server-error,sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--output sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--api-version sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--verify-timeout sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--webhook sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--base-url sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--base-url https://ops:sk_live_4eC39HqLyjWDarjtT1zdp7dc@api.example.com",
        "--ledger mysql://ops:sk_live_4eC39HqLyjWDarjtT1zdp7dc@db/redrive",
        "--api-key-file sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "--api-key-file=sk_live_4eC39HqLyjWDarjtT1zdp7dc",
      })
  void aKeyInTheWrongPlace_isNeverShown(String flags) throws IOException {
    RedriveJar.Result result = CommandLineTool.run(recover(flags));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out() + result.err()).doesNotContain("4eC39HqLyjWDarjtT1zdp7dc");
    assertThat(result.err().lines()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --api-key=hunter     | unknown option --api-key. The API key comes from the variable REDRIVE_API_KEY
          --api-key hunter     | unknown option --api-key. The API key comes from the variable REDRIVE_API_KEY
          --auth-token=hunter  | or from --api-key-file, never from an argument
          --cannary hunter     | unknown option --cannary. Did you mean --ca
          hunter               | unexpected argument
          baanx                | unexpected argument. Did you mean --provider baanx?
          --setting hunter     | Value for option '--setting' should be NAME=VALUE
          --colour=hunter      | unknown option --colour
          """)
  void anUnknownOption_isNamedWithoutItsValue(String flags, String message) throws IOException {
    RedriveJar.Result result = CommandLineTool.run(recover(flags));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(message).doesNotContain("hunter");
  }

  @Test
  void anOptionOfACommandInFrontOfIt_isToldWhereItBelongs() {
    assertThat(CommandLineTool.run("--profile", "sales", "recover").err())
        .contains("unknown option --profile: it goes after the command");
    assertThat(CommandLineTool.run("--nosuch", "recover").err())
        .contains("unknown option --nosuch\n");
    assertThat(CommandLineTool.run("recover", "--key-file", "sales.key").err())
        .as("it asks for no key")
        .contains("unknown option --key-file\n");
  }

  @Test
  void anIdThatIsEmpty_isAUsageError() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "secret-key");

    RedriveJar.Result result =
        CommandLineTool.run("retry", "--provider=baanx", "--api-key-file=" + key, "");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("an ID is empty");
  }

  @Test
  void theWordsOfAClientsBuilder_areThoseOfTheCommandLine() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "secret-key");

    RedriveJar.Result result =
        CommandLineTool.run(
            "failures",
            "--provider=onlyoffice",
            "--base-url=https://portal.example.com",
            "--api-key-file=" + key,
            "--webhook=abc");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("--webhook is not a positive number: copy the id from 'redrive webhooks'");
  }

  @Test
  void aKeyInsteadOfACommand_isNeverShown() {
    RedriveJar.Result result = CommandLineTool.run("sk_live_4eC39HqLyjWDarjtT1zdp7dc");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("unknown command").doesNotContain("4eC39");
  }

  private String[] recover(String flags) throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "secret-key");
    var words =
        Stream.concat(
            Stream.of("recover", "--provider", "chatt2me", "--yes"), Stream.of(flags.split(" +")));
    return (flags.contains("--api-key-file")
            ? words
            : Stream.concat(words, Stream.of("--api-key-file", key.toString())))
        .toArray(String[]::new);
  }

  @Test
  void severalProblemsOfTheSettings_areAllSaidAtOnce() {
    RedriveJar.Result result =
        CommandLineTool.run(
            "failures", "--provider", "voiso", "--api-key-file", "/no/file", "--webhook", "17");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err())
        .contains("no API key: the file /no/file does not exist")
        .contains("Voiso has no URL that is the same for all: name yours with --base-url")
        .contains("--webhook is not a UUID");
  }

  @Test
  void aKeyWithALineBreakInIt_isRefusedWithoutShowingIt() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "secret\nkey");

    RedriveJar.Result result =
        CommandLineTool.run("webhooks", "--provider", "baanx", "--api-key-file", key.toString());

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("the API key contains white space").doesNotContain("secret");
  }

  @Test
  void noCommand_andAnUnknownOne_areUsageErrors() {
    assertThat(CommandLineTool.run().exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(CommandLineTool.run().err()).contains("redrive demo");
    assertThat(CommandLineTool.run("recove").err()).contains("Did you mean recover");
    assertThat(CommandLineTool.run("help", "recove").err())
        .contains("unknown command 'recove'. Did you mean recover");
    assertThat(CommandLineTool.run("logs").err()).contains("--provider");
    assertThat(CommandLineTool.run("logs", "--provdier", "baanx").err())
        .contains("unknown option --provdier. Did you mean --pro");
    assertThat(CommandLineTool.run("retry", "--provider", "baanx").err()).contains("ID");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"webhooks", "logs", "failures", "plan", "recover", "retry", "show", "doctor"})
  void help_hasAnExampleForEachProvider(String command) {
    RedriveJar.Result result = CommandLineTool.run(command, "--help");

    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.err()).isEmpty();
    List<String> providers =
        command.equals("logs")
            ? List.of("chatt2me", "baanx", "onlyoffice", "github", "keycloak")
            : List.of("chatt2me", "baanx", "onlyoffice", "voiso", "github", "keycloak");
    assertThat(result.out())
        .contains(providers.stream().map(p -> "redrive " + command + " --provider " + p).toList());
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(result.out().lines().dropWhile(line -> !line.equals("Examples:")).skip(1))
        .as("an example that is broken anywhere cannot be copied")
        .allMatch(line -> line.startsWith("  "));
  }

  @ParameterizedTest
  @CsvSource({
    "recover --provder=baanx, unknown option --provder. Did you mean --pro",
    "recover --provder baanx --yes, unknown option --provder. Did you mean --pro",
    "retry --verify-timeuot 2m, unknown option --verify-timeuot. Did you mean --verify-timeout",
    "retry --provder baanx, unknown option --provder. Did you mean --pro",
  })
  void aMistypedOption_isNamedBeforeAMissingOne(String words, String message) {
    RedriveJar.Result result = CommandLineTool.run(words.split(" "));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).startsWith("redrive: ").contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "recover -o json --nosuch",
        "recover -ojson --nosuch",
        "recover -vojson --nosuch",
        "recover -v --nosuch -vo json",
        "recover --nosuch --output json",
        "recover --nosuch --output=JSON"
      })
  void underJson_anErrorIsOneObjectOnStderr(String words) {
    RedriveJar.Result result = CommandLineTool.run(words.split(" "));

    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    JsonNode error = RedriveJar.Result.parse(result.err());
    assertThat(error.get("error").asText()).startsWith("unknown option --nosuch");
    assertThat(error.get("advice").asText())
        .isEqualTo("'redrive recover --help' lists all options.");
    assertThat(error.get("exitCode").asInt()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void underJson_aKeyIsNotShownEither() {
    RedriveJar.Result result =
        CommandLineTool.run(
            "recover", "-o", "json", "--provider", "sk_live_4eC39HqLyjWDarjtT1zdp7dc");

    assertThat(result.err()).doesNotContain("4eC39HqLyjWDarjtT1zdp7dc").contains("(hidden)");
    assertThat(RedriveJar.Result.parse(result.err()).get("advice").asText())
        .contains("never from an argument");
  }

  @Test
  void underJson_whatTheProviderSays_comesWithItsAdvice() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "secret-key");
    try (var fake = dev.redrive.testkit.FakeBaanx.start()) {
      RedriveJar.Result result =
          CommandLineTool.run(
              "webhooks",
              "--provider=baanx",
              "--base-url=" + fake.baseUrl(),
              "--api-key-file=" + key,
              "-o=json");

      JsonNode error = RedriveJar.Result.parse(result.err().lines().reduce((a, b) -> b).orElse(""));
      assertThat(error.get("exitCode").asInt()).isEqualTo(ExitCode.FAILED);
      assertThat(error.get("error").asText()).contains("401");
      assertThat(error.get("advice").asText()).isNotEmpty();
    }
  }

  @Test
  void help_groupsTheCommandsByPurpose_inTheColumnsThatThereAre() {
    RedriveJar.Result result = CommandLineTool.run("--help");

    assertThat(result.out().lines())
        .containsSubsequence("Look:", "Recover:", "Keep:", "More:")
        .allMatch(line -> line.length() <= 80);
    assertThat(result.out())
        .containsSubsequence("Look:", "\n  failures ", "Recover:", "\n  plan ", "\n  catch-up ")
        .containsSubsequence("Keep:", "\n  history ", "More:", "\n  completion ");
  }

  @Test
  void whatAProviderCannotDo_isSaidByName() throws IOException {
    Path key = Files.writeString(folder.resolve("key"), "secret-key");

    RedriveJar.Result result =
        CommandLineTool.run(
            "logs",
            "--provider=voiso",
            "--base-url=https://cluster.voiso.com",
            "--api-key-file=" + key);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("Voiso's API cannot do this: listing delivery logs");
  }
}
