package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code redrive completion}, also as real shells understand it. */
class CompletionTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completion_knowsCommandsOptionsAndValues(String shell) {
    RedriveJar.Result result = CommandLineTool.run("completion", shell);

    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.out()).contains("catch-up").contains("canary").contains("onlyoffice");
  }

  @Test
  void completionForFish_describesWhatItOffers() {
    assertThat(CommandLineTool.run("completion", "fish").out().lines())
        .contains(
            "complete -c redrive -f",
            "complete -c redrive -n '__fish_seen_subcommand_from recover' -s y -l yes"
                + " -d 'Ask no question'",
            "complete -c redrive -n '__fish_seen_subcommand_from recover' -s o -l output"
                + " -x -a 'table json' -d 'table, for people, or json, for scripts'",
            "complete -c redrive -n '__fish_seen_subcommand_from completion'"
                + " -a 'bash zsh fish' -d 'bash, zsh, fish'")
        .anyMatch(
            line ->
                line.startsWith("complete -c redrive -n 'not __fish_seen_subcommand_from ")
                    && line.endsWith(" -a recover -d 'Sends failed deliveries again, once each'"))
        .anyMatch(line -> line.contains(" -l api-key-file -r -F "));
  }

  @Test
  void completionForBash_isUnderstoodByBash() throws Exception {
    assertThat(
            complete(
                "bash",
                "source '%s' 2>&1; COMP_WORDS=(redrive re); COMP_CWORD=1; _complete_redrive"
                    + " 2>/dev/null; printf '%%s\\n' \"${COMPREPLY[@]}\""))
        .containsExactlyInAnyOrder("recover", "report", "retry");
  }

  @Test
  void completionForFish_isUnderstoodByFish() throws Exception {
    assertThat(complete("fish", "source '%s'; complete -C 'redrive re'"))
        .extracting(line -> line.split("\t")[0])
        .containsExactly("recover", "report", "retry");
  }

  /** The lines that a shell prints; {@code %s} is the file with the completion for it. */
  private List<String> complete(String shell, String script) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, shell))),
        shell + " is not installed");
    Path file =
        Files.writeString(
            folder.resolve("completion"), CommandLineTool.run("completion", shell).out());
    Process process = new ProcessBuilder(shell, "-c", script.formatted(file)).start();
    try (var lines = process.inputReader()) {
      return lines.lines().toList();
    }
  }
}
