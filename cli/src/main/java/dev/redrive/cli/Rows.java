package dev.redrive.cli;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One kind of thing that commands list, in both forms.
 *
 * @param headers of the table
 * @param cells what a table shows of one
 * @param fields what JSON tells of one
 */
record Rows<T>(
    List<String> headers,
    Function<T, @Nullable Object[]> cells,
    Function<T, Fields> fields) {

  /**
   * Writes all, as they come, until nobody reads any more.
   *
   * @return how many were written
   */
  long write(Iterable<? extends T> all, OutputFormat format, Terminal.Stream out) {
    long count = 0;
    try (var table = new Table(out, headers.toArray(String[]::new))) {
      for (T one : all) {
        count++;
        switch (format) {
          case TABLE -> table.row(cells.apply(one));
          case JSON -> out.print().println(Json.line(fields.apply(one)));
        }
        // A closed pipe, as of "| head": the rest is for nobody.
        if (out.print().checkError()) {
          break;
        }
      }
    }
    return count;
  }
}
