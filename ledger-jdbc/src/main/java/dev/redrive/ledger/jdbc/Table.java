package dev.redrive.ledger.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values that a statement takes as a table {@code u}, column by column. */
final class Table {
  /**
   * A column.
   *
   * @param name its name in the statement
   * @param type of its values
   * @param values one for each row
   */
  record Column(String name, Class<?> type, List<@Nullable Object> values) {
    String sqlType() {
      return type == Long.class
          ? "BIGINT"
          : type == Integer.class
              ? "INT"
              : type == Instant.class ? "TIMESTAMP(6) WITH TIME ZONE" : "VARCHAR";
    }
  }

  private final List<Column> columns = new ArrayList<>();

  /** Adds a column of {@code Long}, {@code Integer}, {@code String} or {@code Instant}. */
  Table with(String name, Class<?> type, Collection<? extends @Nullable Object> values) {
    columns.add(new Column(name, type, Collections.unmodifiableList(new ArrayList<>(values))));
    return this;
  }

  List<Column> columns() {
    return columns;
  }
}
