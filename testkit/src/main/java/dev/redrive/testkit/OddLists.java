package dev.redrive.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Undocumented oddities in the lists of a fake: pages shorter than requested, missing totals, rows
 * with any content. None at first. Thread-safe.
 *
 * <p>The rows are the elements of the response, if it is an array, or else of the first array in
 * its object.
 */
public final class OddLists {
  private static final List<String> TOTALS = List.of("total", "pagination", "metadata");

  private final Supplier<Set<String>> timeFields;
  private volatile int mostRows = Integer.MAX_VALUE;
  private volatile boolean tellsTotals = true;
  private volatile UnaryOperator<JsonNode> rewriting = row -> row;

  /**
   * @param timeFields the fields of a row that hold a time
   */
  OddLists(Supplier<Set<String>> timeFields) {
    this.timeFields = timeFields;
  }

  /** Limits the rows of a page, whatever is requested. */
  public void mostRows(int count) {
    mostRows = count;
  }

  /** Leaves out the total. */
  public void hideTotals() {
    tellsTotals = false;
  }

  /**
   * Returns other rows instead of the real ones, in lists and in single reads.
   *
   * @param odd takes a row's JSON and returns JSON
   */
  public void rewrite(UnaryOperator<String> odd) {
    rewriting = row -> parsed(odd.apply(row.toString()));
  }

  /**
   * Returns other JSON instead of each time in the fields that {@link FakeProvider#timeFields}
   * names, be it a text in ISO 8601 or a number of milliseconds.
   *
   * @param odd takes the time and returns JSON
   * @throws IllegalStateException if it names no field
   */
  public void rewriteTimes(Function<Instant, String> odd) {
    if (timeFields.get().isEmpty()) {
      throw new IllegalStateException("timeFields() of this fake names no field");
    }
    rewriting =
        row -> {
          for (String field : timeFields.get()) {
            Instant time = time(row.path(field));
            if (row instanceof ObjectNode object && time != null) {
              object.set(field, parsed(odd.apply(time)));
            }
          }
          return row;
        };
  }

  private static @Nullable Instant time(JsonNode value) {
    if (value.isIntegralNumber()) {
      return Instant.ofEpochMilli(value.longValue());
    }
    return value.isTextual() ? Instant.parse(value.textValue()) : null;
  }

  private static JsonNode parsed(String json) {
    try {
      return Answer.MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }

  /** How many rows a page has where so many are asked for. */
  int rows(int asked) {
    return Math.min(asked, mostRows);
  }

  Answer spoil(Operation operation, Answer answer) {
    boolean isRead = operation == Operation.LIST || operation == Operation.READ;
    if (!isRead || answer.status() != 200) {
      return answer;
    }
    if (answer.body() instanceof ArrayNode rows) {
      rewrite(rows);
    } else if (answer.body() instanceof ObjectNode body) {
      if (!tellsTotals) {
        body.remove(TOTALS);
      }
      for (JsonNode value : body) {
        if (value instanceof ArrayNode rows) {
          rewrite(rows);
          break;
        }
      }
    }
    return answer;
  }

  private void rewrite(ArrayNode rows) {
    for (int i = 0; i < rows.size(); i++) {
      rows.set(i, rewriting.apply(rows.get(i)));
    }
  }
}
