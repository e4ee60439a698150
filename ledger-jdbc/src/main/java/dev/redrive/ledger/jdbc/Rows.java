package dev.redrive.ledger.jdbc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values that a statement uses as a table {@code u}, and single values. */
final class Rows {
  /**
   * A column.
   *
   * @param name its name in the statement
   * @param type the type of its values: {@code Long}, {@code Integer} or {@code String}
   * @param values one value for each row
   */
  record Column(String name, Class<?> type, List<@Nullable Object> values) {
    String sqlType() {
      return type == Long.class ? "BIGINT" : type == Integer.class ? "INT" : "VARCHAR";
    }
  }

  private final List<Column> columns = new ArrayList<>();
  private final Map<String, Object> single = new LinkedHashMap<>();

  /** Adds a column with one value for each element. */
  <T> Rows with(
      String name, Class<?> type, Collection<T> things, Function<T, @Nullable Object> value) {
    var values = new ArrayList<@Nullable Object>(things.size());
    things.forEach(thing -> values.add(value.apply(thing)));
    columns.add(new Column(name, type, values));
    return this;
  }

  /** Binds a value that is the same for all rows. */
  Rows bind(String name, Object value) {
    single.put(name, value);
    return this;
  }

  List<Column> columns() {
    return columns;
  }

  Map<String, Object> single() {
    return single;
  }

  int count() {
    return columns.get(0).values().size();
  }

  boolean isEmpty() {
    return count() == 0;
  }
}
