package dev.redrive.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What is written to a terminal, with one line of progress at its end: the line is wiped before
 * anything else is written, by whatever thread, and comes back when it is shown anew.
 */
public final class StatusLine extends OutputStream {
  private static final byte[] WIPE = "\r\u001b[K".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream terminal;
  private boolean isShown;
  private boolean isMidLine;

  public StatusLine(OutputStream terminal) {
    this.terminal = terminal;
  }

  /** The cursor is at the start of a line, though others moved it: a person has pressed Enter. */
  public synchronized void begin() {
    isMidLine = false;
  }

  /** Shows the line, or changes it; not while a line of text is begun and not ended. */
  public synchronized void show(byte[] line) throws IOException {
    if (!isMidLine) {
      terminal.write(WIPE);
      terminal.write(line);
      isShown = true;
    }
  }

  public synchronized void hide() throws IOException {
    if (isShown) {
      isShown = false;
      terminal.write(WIPE);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    hide();
    terminal.write(bytes, offset, length);
    if (length > 0) {
      isMidLine = bytes[offset + length - 1] != '\n';
    }
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
}
