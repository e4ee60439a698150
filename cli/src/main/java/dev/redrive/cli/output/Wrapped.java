package dev.redrive.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Text in lines that fit a terminal. */
public final class Wrapped {
  /** Columns for text beside an indent, also where a terminal has fewer. */
  private static final int LEAST = 10;

  private Wrapped() {}

  /**
   * The text in lines of at most {@code width} columns, broken between words where that is
   * possible.
   *
   * @param indent what lines after the first begin with
   */
  public static List<String> lines(String text, String indent, int width) {
    var lines = new ArrayList<String>();
    int most = Math.max(width, indent.length() + LEAST);
    String rest = text.stripTrailing();
    while (rest.length() > most) {
      int space = rest.lastIndexOf(' ', most);
      int end = space > indent.length() && !rest.substring(0, space).isBlank() ? space : most;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = indent + rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }
}
