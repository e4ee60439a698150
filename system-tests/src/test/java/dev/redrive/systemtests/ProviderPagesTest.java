package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of docs/providers name a test for each fact that the client relies on. */
class ProviderPagesTest {
  private static final Path PAGES = Sources.root().resolve("docs/providers");
  private static final String HEADER = "| Fact | Source | Test |";

  /** A pipe that is not escaped. */
  private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

  private static final Pattern SOURCE =
      Pattern.compile("(documentation|specification|server source|inferred|observed)\\b.*");

  private static final String NAME = "`(?:\\w+)\\.(?:\\w+)`";

  /** Names of tests, or that there is nothing to test. */
  private static final Pattern TESTS =
      Pattern.compile(NAME + "(?:, " + NAME + ")*|no effect(?::? \\S.*)?");

  private static final Pattern TEST_NAME = Pattern.compile("`(\\w+)\\.(\\w+)`");

  /** A test's annotations, and its name. */
  private static final Pattern TEST_METHOD =
      Pattern.compile(
          "@(?:\\w*Test|TestFactory)\\b[^;{}]*?(?:\\{[^{}]*}[^;{}]*?)*\\bvoid (\\w+)\\(");

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  /** Each fact as its cells. */
  private static List<List<String>> facts(Path page) {
    var facts = new ArrayList<List<String>>();
    boolean isTable = false;
    for (String line : Sources.text(page).lines().toList()) {
      if (line.equals(HEADER)) {
        isTable = true;
      } else if (!line.startsWith("|")) {
        isTable = false;
      } else if (isTable && !line.startsWith("|---")) {
        facts.add(
            Stream.of(CELL_END.split(line.substring(1), -1))
                .map(String::trim)
                .filter(cell -> !cell.isEmpty())
                .toList());
      }
    }
    return facts;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyFact_hasASourceAndATest(Path page) {
    assertThat(facts(page))
        .as(HEADER)
        .isNotEmpty()
        .allSatisfy(
            fact -> {
              assertThat(fact).hasSize(3);
              assertThat(fact.get(1)).matches(SOURCE);
              assertThat(fact.get(2)).matches(TESTS);
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyTestThatItNames_exists(Path page) throws IOException {
    Map<String, Set<String>> tests = tests();

    List<String> missing =
        facts(page).stream()
            .flatMap(fact -> TEST_NAME.matcher(fact.get(2)).results())
            .filter(name -> !tests.getOrDefault(name.group(1), Set.of()).contains(name.group(2)))
            .map(name -> name.group())
            .toList();

    assertThat(missing).isEmpty();
  }

  @Test
  void everyProviderOfTheModules_hasAPage() throws IOException {
    var providers = new ArrayList<String>();
    try (Stream<Path> modules = Files.list(Sources.root())) {
      modules
          .filter(
              module ->
                  Files.exists(
                      module.resolve(
                          "src/main/resources/META-INF/services/dev.redrive.ProviderFactory")))
          .forEach(module -> providers.add(module.getFileName() + ".md"));
    }

    assertThat(providers).hasSizeGreaterThanOrEqualTo(4);
    assertThat(pages()).extracting(page -> page.getFileName().toString()).containsAll(providers);
  }

  /** The tests of each class, those of the contract included. */
  private static Map<String, Set<String>> tests() throws IOException {
    Map<String, Set<String>> tests = new HashMap<>();
    for (Path source : testSources()) {
      String file = source.getFileName().toString();
      Set<String> names =
          tests.computeIfAbsent(
              file.substring(0, file.length() - ".java".length()), name -> new HashSet<>());
      TEST_METHOD.matcher(Sources.text(source)).results().forEach(test -> names.add(test.group(1)));
    }
    return tests;
  }

  private static List<Path> testSources() throws IOException {
    var sources = new ArrayList<Path>();
    try (Stream<Path> modules = Files.list(Sources.root())) {
      for (Path module : modules.filter(Files::isDirectory).toList()) {
        for (String folder :
            List.of("src/test/java", "src/main/java/dev/redrive/testkit/contract")) {
          if (Files.isDirectory(module.resolve(folder))) {
            try (Stream<Path> files = Files.walk(module.resolve(folder))) {
              files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
          }
        }
      }
    }
    return sources;
  }
}
