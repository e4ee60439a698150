package dev.redrive.http;

import java.io.PrintWriter;
import java.io.StringWriter;

final class StackTraces {
  private StackTraces() {}

  /** What a logger prints of it, causes and all. */
  static String of(Throwable throwable) {
    var text = new StringWriter();
    throwable.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
