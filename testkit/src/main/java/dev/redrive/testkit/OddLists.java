package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Undocumented oddities in the lists of a fake: pages shorter than requested, missing totals, rows
 * with any content. None at first. Thread-safe.
 */
final class OddLists {
  private static final List<String> TOTALS = List.of("total", "pagination", "metadata");

  private volatile int mostRows = Integer.MAX_VALUE;
  private volatile boolean tellsTotals = true;
  private volatile BiFunction<Operation, JsonNode, JsonNode> rewriting = (operation, row) -> row;

  /** Limits the rows of a page, whatever is requested. */
  void mostRows(int count) {
    mostRows = count;
  }

  /** Leaves out the total. */
  void hideTotals() {
    tellsTotals = false;
  }

  /** Returns these rows instead of the real ones, in lists and in single reads. */
  void rewrite(UnaryOperator<JsonNode> row) {
    rewriting = (operation, each) -> row.apply(each);
  }

  /** Returns these rows instead of the real ones, for one kind of request. */
  void rewrite(Operation of, UnaryOperator<JsonNode> row) {
    rewriting = (operation, each) -> operation == of ? row.apply(each) : each;
  }

  /** How many rows a page has where so many are asked for. */
  int rows(int asked) {
    return Math.min(asked, mostRows);
  }

  Answer spoil(Operation operation, Answer answer) {
    boolean isRead = operation == Operation.LIST || operation == Operation.READ;
    if (isRead && answer.status() == 200 && answer.body() instanceof ObjectNode body) {
      if (!tellsTotals) {
        body.remove(TOTALS);
      }
      for (JsonNode value : body) {
        if (value instanceof ArrayNode rows) {
          for (int i = 0; i < rows.size(); i++) {
            rows.set(i, rewriting.apply(operation, rows.get(i)));
          }
          break;
        }
      }
    }
    return answer;
  }
}
