package dev.redrive.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Objects;

/** Stdout. It remembers why not all could be written, which a {@code PrintStream} does not tell. */
public final class Stdout extends FileOutputStream {
  static final Stdout STREAM = new Stdout();

  private volatile String problem = "";

  private Stdout() {
    super(FileDescriptor.out);
  }

  /**
   * Returns why results are missing from stdout; empty if all are there, or if a reader such as
   * {@code head} has read as much as it wants.
   */
  public static String problem() {
    return STREAM.problem;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      super.write(bytes, offset, length);
    } catch (IOException e) {
      String message = Objects.requireNonNullElse(e.getMessage(), "");
      problem = message.contains("pipe") ? "" : message;
      throw e;
    }
  }
}
