package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.Function;

/** Runs the command line within the test, without a terminal. */
public final class CommandLineTool {
  private CommandLineTool() {}

  public static RedriveJar.Result run(String... args) {
    return run(new byte[0], false, CommandLineTool::plain, args);
  }

  /** The same, with somebody who types. */
  public static RedriveJar.Result typing(String input, String... args) {
    return run(input.getBytes(UTF_8), true, CommandLineTool::plain, args);
  }

  /** The same, on a terminal of so many columns. */
  public static RedriveJar.Result onTerminal(int columns, String... args) {
    return run(new byte[0], false, bytes -> terminal(bytes, columns), args);
  }

  private static RedriveJar.Result run(
      byte[] input,
      boolean canAsk,
      Function<ByteArrayOutputStream, Terminal.Stream> stream,
      String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(new ByteArrayInputStream(input), stream.apply(out), plain(err), canAsk);
    int exitCode = Main.commandLine(terminal).execute(args);
    return new RedriveJar.Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** A terminal that nobody types at, without a person to ask. */
  public static Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Terminal(InputStream.nullInputStream(), plain(out), plain(err), false);
  }

  public static Terminal.Stream plain(ByteArrayOutputStream bytes) {
    return new Terminal.Stream(new PrintStream(bytes, true, UTF_8), UTF_8);
  }

  /** A terminal of so many columns, without colours. */
  public static Terminal.Stream terminal(ByteArrayOutputStream bytes, int columns) {
    return new Terminal.Stream(new PrintStream(bytes, true, UTF_8), columns, false, UTF_8, null);
  }
}
