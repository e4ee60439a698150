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
import java.util.regex.Matcher;
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

  private static final Pattern TEST_ANNOTATION =
      Pattern.compile("  @(?:\\w*Test|TestFactory)\\b.*");

  private static final Pattern METHOD =
      Pattern.compile("  (?:\\w+ )*(?:void|Stream<DynamicTest>) (\\w+)\\(.*");

  /** A type and what it extends and implements. */
  private static final Pattern DECLARATION =
      Pattern.compile("\\b(?:class|interface) (\\w+)\\b([^{]*)\\{");

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

  /** The tests of each class, those that it inherits included. */
  private static Map<String, Set<String>> tests() throws IOException {
    Map<String, Set<String>> tests = new HashMap<>();
    Map<String, Set<String>> parents = new HashMap<>();
    for (Path source : testSources()) {
      String file = source.getFileName().toString();
      String type = file.substring(0, file.length() - ".java".length());
      String text = Sources.text(source);
      Set<String> names = tests.computeIfAbsent(type, name -> new HashSet<>());
      names.addAll(ownTests(text));
      DECLARATION
          .matcher(text)
          .results()
          .filter(declared -> declared.group(1).equals(type))
          .forEach(declared -> parents.put(type, Set.of(declared.group(2).split("\\W+"))));
    }
    tests.keySet().forEach(type -> inherit(type, parents, tests));
    return tests;
  }

  private static Set<String> ownTests(String source) {
    var names = new HashSet<String>();
    boolean isTest = false;
    for (String line : source.lines().toList()) {
      Matcher method = METHOD.matcher(line);
      if (TEST_ANNOTATION.matcher(line).matches()) {
        isTest = true;
      } else if (method.matches()) {
        if (isTest) {
          names.add(method.group(1));
        }
        isTest = false;
      }
    }
    return names;
  }

  private static void inherit(
      String type, Map<String, Set<String>> parents, Map<String, Set<String>> tests) {
    for (String parent : parents.getOrDefault(type, Set.of())) {
      if (tests.containsKey(parent)) {
        inherit(parent, parents, tests);
        tests.get(type).addAll(tests.get(parent));
      }
    }
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
