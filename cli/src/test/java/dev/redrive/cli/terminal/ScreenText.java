package dev.redrive.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a terminal shows of what was written to it, line by line, the last one under the cursor. */
public final class ScreenText {
  private static final Pattern CODE = Pattern.compile("\u001b\\[([0-9;?]*)([A-Za-z])");

  private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
  private int columns;
  private int row;
  private int column;

  public ScreenText(int columns) {
    this.columns = columns;
  }

  /** The lines, at so many columns. */
  public static List<String> of(String written, int columns) {
    return new ScreenText(columns).write(written).lines();
  }

  /** Writes to the terminal. */
  public ScreenText write(String written) {
    Matcher code = CODE.matcher(written);
    int at = 0;
    while (code.find()) {
      text(written.substring(at, code.start()));
      code(code.group(1), code.group(2).charAt(0));
      at = code.end();
    }
    text(written.substring(at));
    return this;
  }

  /** What is seen. */
  public List<String> lines() {
    return lines.stream().map(StringBuilder::toString).toList();
  }

  /** Makes it narrower or wider, as terminals do that cut what is too long. */
  public void resizeCutting(int next) {
    columns = next;
    lines.forEach(line -> line.setLength(Math.min(line.length(), next)));
  }

  /**
   * The same, as terminals do that break what is too long. The cursor is at the start of a line.
   */
  public void resizeBreaking(int next) {
    columns = next;
    for (int i = 0; i < lines.size(); i++) {
      StringBuilder line = lines.get(i);
      if (line.length() > next) {
        lines.add(i + 1, new StringBuilder(line.substring(next)));
        line.setLength(next);
        row += i < row ? 1 : 0;
      }
    }
  }

  private void text(String text) {
    text.chars().forEach(c -> character((char) c));
  }

  private void character(char c) {
    switch (c) {
      case '\r' -> column = 0;
      case '\n' -> {
        row++;
        column = 0;
        if (row == lines.size()) {
          lines.add(new StringBuilder());
        }
      }
      default -> {
        if (column == columns) {
          character('\n');
        }
        StringBuilder line = lines.get(row);
        while (line.length() <= column) {
          line.append(' ');
        }
        line.setCharAt(column, c);
        column++;
      }
    }
  }

  private void code(String number, char code) {
    int n = number.matches("\\d+") ? Integer.parseInt(number) : 1;
    StringBuilder line = lines.get(row);
    switch (code) {
      case 'A' -> row = Math.max(0, row - n);
      case 'C' -> column += n;
      case 'D' -> column = Math.max(0, column - n);
      case 'G' -> column = n - 1;
      case 'J' -> {
        line.setLength(Math.min(line.length(), column));
        while (lines.size() > row + 1) {
          lines.remove(lines.size() - 1);
        }
      }
      case 'K' -> line.setLength(Math.min(line.length(), column));
      case 'P' -> {
        if (column < line.length()) {
          line.delete(column, Math.min(line.length(), column + n));
        }
      }
      case '@' -> line.insert(Math.min(column, line.length()), " ".repeat(n));
      default -> {
        // Colours.
      }
    }
  }
}
