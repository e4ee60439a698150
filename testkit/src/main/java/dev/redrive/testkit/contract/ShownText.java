package dev.redrive.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.assertj.core.util.Throwables;

/** Everything that a person may get to see, the process's own output with it. */
final class ShownText implements AutoCloseable {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final PrintStream out = System.out;
  private final PrintStream err = System.err;

  ShownText() {
    var captured = new PrintStream(output, true, UTF_8);
    System.setOut(captured);
    System.setErr(captured);
  }

  void add(Object... things) {
    for (Object thing : things) {
      String text =
          thing instanceof Throwable throwable
              ? Throwables.getStackTrace(throwable)
              : thing.toString();
      output.writeBytes((text + "\n").getBytes(UTF_8));
    }
  }

  String text() {
    return output.toString(UTF_8);
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
  }
}
