package dev.redrive.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * What is odd about the lists that a fake answers with, though its API documents nothing of the
 * kind: pages shorter than asked for, totals that are not told, rows that hold anything. Nothing at
 * first. Safe to share between threads.
 */
final class OddLists {
  private static final List<String> TOTALS = List.of("total", "pagination", "metadata");

  private volatile int mostRows = Integer.MAX_VALUE;
  private volatile boolean tellsTotals = true;
  private volatile BiFunction<Operation, JsonNode, JsonNode> rewriting = (operation, row) -> row;

  /** Gives so many rows a page at the most, whatever is asked for. */
  void mostRows(int count) {
    mostRows = count;
  }

  /** Leaves out how many rows there are. */
  void hideTotals() {
    tellsTotals = false;
  }

  /** Answers with these rows in place of those that there are, in lists and in single reads. */
  void rewrite(UnaryOperator<JsonNode> row) {
    rewriting = (operation, each) -> row.apply(each);
  }

  /** The same, in answers to one kind of request. */
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
