package dev.redrive.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The tables of {@code docs/json.md}: of fields, by the heading above, and of words. */
public final class JsonPage {
  private static final String ALL_OF = "all of ";
  private static final String ARRAY_OF = "array of ";

  private final Map<String, List<Row>> outputs = new LinkedHashMap<>();
  private final Map<String, List<Row>> parts = new LinkedHashMap<>();
  private final Map<String, List<String>> words = new LinkedHashMap<>();

  private record Row(String name, String type, boolean mayBeNull) {}

  public static JsonPage read(Path file) throws IOException {
    return new JsonPage(Files.readAllLines(file));
  }

  JsonPage(List<String> lines) {
    Map<String, List<Row>> level = outputs;
    String heading = "";
    boolean isOfWords = false;
    for (String line : lines) {
      if (line.startsWith("#")) {
        level = line.startsWith("### ") ? parts : outputs;
        heading = line.replaceFirst("#+ ", "").replace("`", "");
      } else if (line.startsWith("| field |") || line.startsWith("| word |")) {
        isOfWords = line.startsWith("| word |");
      } else if (line.startsWith("| ") && isOfWords) {
        words.computeIfAbsent(heading, any -> new ArrayList<>()).add(cells(line).get(0));
      } else if (line.startsWith("| ")) {
        List<String> cells = cells(line);
        level
            .computeIfAbsent(heading, any -> new ArrayList<>())
            .add(new Row(cells.get(0), cells.get(1), cells.get(2).equals("yes")));
      }
    }
  }

  private static List<String> cells(String line) {
    return List.of(line.replace("`", "").split("\\|", -1)).stream()
        .skip(1)
        .map(String::strip)
        .toList();
  }

  /** The outputs that it tells of. */
  public Set<String> outputs() {
    return outputs.keySet();
  }

  /** The lists of words that it explains. */
  public Map<String, List<String>> words() {
    return words;
  }

  /** Fails unless an object has the fields of an output, in their order, as it says. */
  public void check(String output, JsonNode object) {
    List<Row> rows = rows(output);
    assertThat(names(object))
        .as("fields of %s", output)
        .containsExactlyElementsOf(rows.stream().map(Row::name).toList());
    rows.forEach(row -> check(output + ": " + row.name(), row, object.get(row.name())));
  }

  private void check(String where, Row row, JsonNode value) {
    if (value.isNull()) {
      assertThat(row.mayBeNull()).as("%s may be null", where).isTrue();
      return;
    }
    boolean fits =
        switch (row.type()) {
          case "string" -> value.isTextual();
          case "time" -> value.isTextual() && !Instant.parse(value.asText()).equals(Instant.MIN);
          case "number" -> value.isNumber();
          case "boolean" -> value.isBoolean();
          case "counts" -> value.isObject() && all(value).allMatch(JsonNode::isNumber);
          case "texts" -> value.isObject() && all(value).allMatch(JsonNode::isTextual);
          case ARRAY_OF + "string" -> value.isArray() && all(value).allMatch(JsonNode::isTextual);
          default -> {
            assertThat(row.type()).as("type of %s", where).startsWith(ARRAY_OF);
            checkElements(where, row.type().substring(ARRAY_OF.length()).split(" or "), value);
            yield value.isArray();
          }
        };
    assertThat(fits).as("%s is a %s: %s", where, row.type(), value).isTrue();
  }

  private void checkElements(String where, String[] kinds, JsonNode array) {
    for (JsonNode element : array) {
      String kind =
          List.of(kinds).stream()
              .filter(one -> rows(one).stream().map(Row::name).toList().equals(names(element)))
              .findFirst()
              .orElseThrow(() -> new AssertionError(where + " has " + names(element)));
      check(kind, element);
    }
  }

  /** With the fields of others that it refers to. */
  private List<Row> rows(String name) {
    List<Row> own = parts.containsKey(name) ? parts.get(name) : outputs.get(name);
    assertThat(own).as("a table of fields under the heading '%s'", name).isNotNull();
    return own.stream()
        .flatMap(
            row ->
                row.name().startsWith(ALL_OF)
                    ? rows(row.name().substring(ALL_OF.length())).stream()
                    : Stream.of(row))
        .toList();
  }

  /** The names of all parts that outputs refer to, to find those that nothing does. */
  public Set<String> unusedParts() {
    String types =
        Stream.concat(outputs.values().stream(), parts.values().stream())
            .flatMap(List::stream)
            .map(Row::type)
            .collect(Collectors.joining(" or "));
    return parts.keySet().stream()
        .filter(part -> !(types + " ").contains(part + " "))
        .collect(Collectors.toSet());
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Stream<JsonNode> all(JsonNode container) {
    return StreamSupport.stream(container.spliterator(), false);
  }
}
