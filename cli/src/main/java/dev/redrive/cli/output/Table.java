package dev.redrive.cli.output;

import dev.redrive.ProviderText;
import dev.redrive.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns for people. The first rows tell the widths; a long table is written as it grows, so that
 * it takes little memory. On a terminal, columns that do not fit go on in the next line.
 */
public final class Table implements AutoCloseable {
  private static final int ROWS_MEASURED = 200;
  private static final String CONTINUED = "    ";

  private final Terminal.Stream out;
  private final String indent;
  private final int width;
  private final List<String> headers;
  private final int[] widths;
  private final boolean[] isNumber;
  private final List<String[]> held = new ArrayList<>();
  private boolean measured;

  public Table(Terminal.Stream out, String... headers) {
    this("", out, headers);
  }

  private Table(String indent, Terminal.Stream out, String... headers) {
    this.out = out;
    this.indent = indent;
    this.width = out.width();
    this.headers = List.of(headers);
    this.widths = Arrays.stream(headers).mapToInt(String::length).toArray();
    this.isNumber = new boolean[headers.length];
  }

  /** A table within something else. */
  public static Table indented(Terminal.Stream out, String... headers) {
    return new Table("  ", out, headers);
  }

  /** Adds a row; null and empty cells show as a dash. */
  public void row(@Nullable Object... cells) {
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      Object cell = cells[i];
      String text = cell == null ? "" : ProviderText.clean(cell.toString());
      row[i] = text.isEmpty() ? "-" : text;
      isNumber[i] |= cell instanceof Number;
    }
    if (measured) {
      write(row);
      return;
    }
    held.add(row);
    if (held.size() == ROWS_MEASURED) {
      release();
    }
  }

  /** Writes what is still held; nothing at all if there was no row. */
  @Override
  public void close() {
    if (!measured && !held.isEmpty()) {
      release();
    }
  }

  private void release() {
    measured = true;
    for (String[] row : held) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    lines(headers.toArray(String[]::new)).forEach(line -> out.println(out.bold(line)));
    held.forEach(this::write);
    held.clear();
  }

  private void write(String[] row) {
    lines(row).forEach(out::println);
  }

  private List<String> lines(String[] row) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder(indent);
    for (int i = 0; i < row.length; i++) {
      int columns = Math.max(widths[i], row[i].length());
      if (i > 0 && line.length() + 2 + columns > width) {
        lines.addAll(Wrapped.lines(line.toString(), indent + CONTINUED, width));
        line = new StringBuilder(indent).append(CONTINUED);
      } else if (i > 0) {
        line.append("  ");
      }
      String fill = " ".repeat(columns - row[i].length());
      line.append(isNumber[i] ? fill + row[i] : row[i] + fill);
    }
    lines.addAll(Wrapped.lines(line.toString(), indent + CONTINUED, width));
    return lines;
  }
}
