package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Each command in the README and in docs/ is one that redrive understands. */
public class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Languages of code blocks that hold command lines. */
  private static final Set<String> SHELL = Set.of("", "sh", "bash", "console", "cron", "ini");

  private static final Pattern BLOCK =
      Pattern.compile("^ *```(\\w*)\\n(.*?)^ *```$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern INLINE = Pattern.compile("`((?:\\./)?redrive [^`]+)`");
  private static final Pattern POD_ARGUMENTS = Pattern.compile("args: \\[(.*)]");

  /** What may stand before a command: a prompt, a schedule, a unit's key, variables. */
  private static final Pattern BEFORE =
      Pattern.compile("^(?:\\$ |(?:[\\d*/,-]+ +){5}|ExecStart=)?(?:[A-Z_]+=\\S+ +)*");

  private static final Pattern WORD =
      Pattern.compile("'[^']*'|\"[^\"]*\"|\\|\\||&&|[|;()<>]|[^\\s'\"|;()<>]+");

  private static final Set<String> SEPARATORS = Set.of("|", "||", "&&", ";", "(", ")", "<", ">");

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
          Stream.of(ROOT.resolve("README.md")),
          docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommand_isUnderstood(Path page) throws IOException {
    String text = Files.readString(page);
    for (List<String> command : commandsInBlocks(text)) {
      parse(command);
    }
    for (List<String> command : inlineCommands(text)) {
      try {
        parse(command);
      } catch (MissingParameterException e) {
        // In a sentence the command's name does.
        assertThat(command).isNotEmpty();
      }
    }
  }

  @Test
  void commandsAreFound() throws IOException {
    assertThat(commandsInBlocks(Files.readString(ROOT.resolve("README.md"))))
        .hasSizeGreaterThan(12)
        .contains(List.of("completion", "bash"), List.of("demo"));
    assertThat(commandsInBlocks(Files.readString(ROOT.resolve("docs/cookbook.md"))))
        .hasSizeGreaterThan(15)
        .contains(List.of("catch-up", "--once", "--provider", "chatt2me", "--output", "json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./redrive recovr --all",
        "$ redrive recover --provider chatt2me --dryrun",
        "*/5 * * * * /usr/bin/redrive catch-up --onc",
        "A=b redrive history last --state failedagain",
        "ExecStart=/usr/bin/redrive catch-up --evry 5min",
        "source <(redrive completion csh)",
        "redrive recover \\\n  --sinse 6h",
      })
  void whatIsNoCommand_isSeen(String line) {
    List<List<String>> commands = commandsInBlocks("```sh\n" + line + "\n```\n");

    assertThat(commands).hasSize(1);
    assertThatThrownBy(() -> parse(commands.get(0))).isInstanceOf(ParameterException.class);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLink_leadsToAFile(Path page) throws IOException {
    Matcher link = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)").matcher(Files.readString(page));
    while (link.find()) {
      Path target = page.resolveSibling(link.group(1));
      if (!Files.exists(target)) {
        fail(page + " links to " + target);
      }
    }
  }

  @Test
  void theReadme_isShort() throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")).split("\\s+")).hasSizeLessThan(1800);
  }

  private static void parse(List<String> command) {
    var nothing = new ByteArrayOutputStream();
    CommandLine redrive = Main.commandLine(CommandLineTool.terminal(nothing, nothing));
    assertThat(redrive.parseArgs(command.toArray(String[]::new)).originalArgs()).isEqualTo(command);
  }

  private static List<List<String>> commandsInBlocks(String page) {
    var commands = new ArrayList<List<String>>();
    for (MatchResult block : BLOCK.matcher(page).results().toList()) {
      if (SHELL.contains(block.group(1))) {
        block.group(2).replace("\\\n", " ").lines().forEach(line -> commands.addAll(of(line)));
      }
      for (MatchResult arguments : POD_ARGUMENTS.matcher(block.group(2)).results().toList()) {
        commands.add(List.of(arguments.group(1).split(", *")));
      }
    }
    return commands;
  }

  private static List<List<String>> inlineCommands(String page) {
    return INLINE
        .matcher(BLOCK.matcher(page).replaceAll(""))
        .results()
        .map(command -> command.group(1).replace("COMMAND", "recover").replace("…", ""))
        .flatMap(command -> of(command).stream())
        .toList();
  }

  /** The arguments of each redrive in a line of a shell. */
  private static List<List<String>> of(String line) {
    String bare = line.strip().replaceFirst("(^|\\s)#.*$", "");
    bare = BEFORE.matcher(bare).replaceFirst("");
    var all = new ArrayList<List<String>>();
    var command = new ArrayList<String>();
    WORD.matcher(bare + " ;")
        .results()
        .map(MatchResult::group)
        .forEach(
            word -> {
              if (!SEPARATORS.contains(word)) {
                command.add(word.replaceAll("^['\"]|['\"]$", ""));
                return;
              }
              if (!command.isEmpty() && command.get(0).matches("(?:\\S*/)?redrive")) {
                all.add(List.copyOf(command.subList(1, command.size())));
              }
              command.clear();
            });
    return all;
  }
}
