package dev.redrive.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Text in lines that fit a terminal. */
public final class Wrapped {
  private Wrapped() {}

  /**
   * The text in lines of at most {@code width} columns, broken between words where that is
   * possible.
   *
   * @param indent what lines after the first begin with
   */
  public static List<String> lines(String text, String indent, int width) {
    var lines = new ArrayList<String>();
    String rest = text.stripTrailing();
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > indent.length() && !rest.substring(0, space).isBlank() ? space : width;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = indent + rest.substring(end).strip();
    }
    lines.add(rest);
    return lines;
  }
}
