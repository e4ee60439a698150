package dev.redrive.cli.output;

import dev.redrive.cli.options.OutputFormat;
import dev.redrive.cli.terminal.Terminal;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One kind of thing that commands list, in both forms.
 *
 * @param headers of the table
 * @param cells what a table shows of one
 * @param fields what JSON tells of one
 */
public record Rows<T>(
    List<String> headers, Function<T, @Nullable Object[]> cells, Function<T, Fields> fields) {

  /**
   * Writes all, as they come, until nobody reads any more.
   *
   * @return how many were written
   */
  public long write(Iterable<? extends T> all, OutputFormat format, Terminal.Stream out) {
    try (Writer<T> writer = writer(format, out)) {
      boolean unused = writer.writeAll(all, one -> one);
      return writer.count();
    }
  }

  /** The same with the name of the profile in front, for lists of several. */
  public Rows<OfProfile<T>> withProfile() {
    return new Rows<>(
        Stream.concat(Stream.of("PROFILE"), headers.stream()).toList(),
        one ->
            Stream.concat(Stream.of(one.profile()), Arrays.stream(cells.apply(one.value())))
                .toArray(),
        one -> new Fields().text("profile", one.profile()).all(fields.apply(one.value())));
  }

  /**
   * One thing of one profile.
   *
   * @param profile the profile's name
   * @param value the thing
   */
  public record OfProfile<T>(String profile, T value) {}

  /** A writer for what does not come as a list. */
  public Writer<T> writer(OutputFormat format, Terminal.Stream out) {
    return new Writer<>(this, format, out);
  }

  /** Writes one after the other. */
  public static final class Writer<T> implements AutoCloseable {
    private final Rows<T> rows;
    private final OutputFormat format;
    private final Terminal.Stream out;
    private final Table table;
    private long count;

    private Writer(Rows<T> rows, OutputFormat format, Terminal.Stream out) {
      this.rows = rows;
      this.format = format;
      this.out = out;
      this.table = new Table(out, rows.headers.toArray(String[]::new));
    }

    public void write(T one) {
      count++;
      switch (format) {
        case TABLE -> table.row(rows.cells.apply(one));
        case JSON -> out.println(Json.line(rows.fields.apply(one)));
      }
    }

    /** Writes all, as they come. Returns false if nobody reads any more, as of "| head". */
    public <S> boolean writeAll(Iterable<? extends S> all, Function<? super S, T> row) {
      for (S one : all) {
        write(row.apply(one));
        if (out.print().checkError()) {
          return false;
        }
      }
      return true;
    }

    public long count() {
      return count;
    }

    @Override
    public void close() {
      table.close();
    }
  }
}
