package dev.redrive.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntSupplier;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a terminal, with one line of progress below it: whatever is written, by
 * whatever thread, goes above the line.
 *
 * <p>The cursor waits at the start of the line. So the line is found again after a resize, whether
 * the terminal has broken it or cut it.
 */
public final class StatusLine extends OutputStream {
  private static final byte[] WIPE = "\r\u001b[J".getBytes(StandardCharsets.US_ASCII);

  /** What every terminal of today understands; others are {@code dumb} and get no line. */
  private static final String TYPE = "xterm";

  private final OutputStream terminal;
  private final Charset charset;
  private final IntSupplier width;
  private @Nullable Display display;
  private String line = "";
  private int columns;
  private boolean isShown;
  private boolean isMidLine;

  public StatusLine(OutputStream terminal, Charset charset, IntSupplier width) {
    this.terminal = terminal;
    this.charset = charset;
    this.width = width;
  }

  /** How long a line may be now. */
  public int width() {
    // A terminal breaks a line that fills its last column.
    return Math.max(1, width.getAsInt() - 1);
  }

  /** The cursor is at the start of a line, though others moved it: a person has pressed Enter. */
  public synchronized void begin() {
    isMidLine = false;
  }

  /** Whether text is begun and its line not ended. */
  public synchronized boolean isMidLine() {
    return isMidLine;
  }

  /** Shows a line, or changes it; not while a line of text is begun and not ended. */
  public synchronized void show(String next) throws IOException {
    line = next;
    draw();
  }

  /** Takes the line away. */
  public synchronized void hide() throws IOException {
    line = "";
    wipe();
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    wipe();
    terminal.write(bytes, offset, length);
    if (length > 0) {
      isMidLine = bytes[offset + length - 1] != '\n';
    }
    draw();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void flush() throws IOException {
    terminal.flush();
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  private void draw() throws IOException {
    if (isMidLine || line.isEmpty()) {
      return;
    }
    int now = width();
    if (now != columns) {
      // What the terminal made of the old line is not known.
      wipe();
      columns = now;
    }
    Display screen = display == null ? display() : display;
    screen.resize(Size.of(columns + 1, 1));
    screen.update(List.of(AttributedString.fromAnsi(line).columnSubSequence(0, columns)), 0);
    isShown = true;
  }

  private void wipe() throws IOException {
    if (isShown) {
      isShown = false;
      terminal.write(WIPE);
      if (display != null) {
        display.reset();
      }
    }
  }

  private Display display() throws IOException {
    var made = new Display(new LineDisciplineTerminal("redrive", TYPE, terminal, charset), false);
    display = made;
    return made;
  }
}
