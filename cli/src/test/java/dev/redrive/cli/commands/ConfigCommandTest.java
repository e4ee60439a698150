package dev.redrive.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.CommandLineTool;
import dev.redrive.cli.Errors;
import dev.redrive.cli.ExitCode;
import dev.redrive.cli.RedriveJar;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code redrive config}. */
class ConfigCommandTest {
  @TempDir private Path folder;

  @Test
  void aProfile_isAddedListedShownAndRemoved() {
    assertThat(run("path").out()).isEqualTo(file() + "\n");
    assertThat(run("list").err()).contains("no profiles in " + file());

    RedriveJar.Result added =
        run(
            "add",
            "voice",
            "--provider",
            "voiso",
            "--base-url",
            "https://cluster.voiso.com",
            "--account",
            "emea",
            "--key-env",
            "VOICE_KEY",
            "--setting",
            "requestTimeout=30s");

    assertThat(added.exitCode()).as(added.err()).isEqualTo(ExitCode.OK);
    assertThat(added.err()).contains("variable VOICE_KEY");
    assertThat(run("list").out())
        .startsWith("PROFILE  PROVIDER  BASE URL ")
        .contains("voice    voiso     https://cluster.voiso.com  emea     variable VOICE_KEY");
    assertThat(run("show", "voice").out()).contains("requestTimeout  30s");
    JsonNode shown = run("show", "voice", "--output", "json").json().get(0);
    assertThat(shown.get("baseUrl").asText()).isEqualTo("https://cluster.voiso.com");
    assertThat(shown.get("settings").get("requestTimeout").asText()).isEqualTo("30s");
    assertThat(run("remove", "voice").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run("list").out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                                         | no command given: use add, list, show, remove or path
          show nosuch                                | unknown profile 'nosuch' in
          remove nosuch                              | unknown profile 'nosuch' in
          add a.b --provider baanx                   | this cannot be the name of a profile
          add a                                      | no provider given: add --provider
          add a --provider voiso                     | Voiso has no URL that is the same for all
          add a --provider baanx --base-url nonsense | --base-url: it is malformed
          add a --provider baanx --setting deadline=x| deadline is not a duration
          add a --provider baanx --setting clientKey=x | clientKey is secret
          add a --provider baanx --key-env A --key-file b | mutually exclusive
          add a --provider baanx --api-key x         | unknown option --api-key
          add a --provider voiso                     | 'config add --help' lists all options
          add a --provider baanx --key-env sk_live_4eC39HqLyjWDarjt     | looks like the key itself
          add a --provider baanx --key-file sk_live_4eC39HqLyjWDarjt    | looks like the key itself
          add a --provider baanx --key-command sk_live_4eC39HqLyjWDarjt | looks like the key itself
          """)
  void whatCannotWork_isSaid_andNothingIsWritten(String arguments, String problem) {
    RedriveJar.Result result = run(arguments.isEmpty() ? new String[0] : arguments.split(" +"));

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains(problem).doesNotContain("4eC39");
    assertThat(file()).doesNotExist();
  }

  private Path file() {
    return folder.resolve("redrive/config.toml");
  }

  private RedriveJar.Result run(String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal = CommandLineTool.terminal(out, err);
    var errors = new Errors(terminal);
    int exitCode =
        new CommandLine(new ConfigCommand(terminal, Map.of("XDG_CONFIG_HOME", folder.toString())))
            .setParameterExceptionHandler(errors)
            .setExecutionExceptionHandler((e, line, parsed) -> errors.report(e, 0, List.of()))
            .execute(arguments);
    return new RedriveJar.Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }
}
