package dev.redrive.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Runs the command line within the test, without a terminal. */
public final class CommandLineTool {
  private CommandLineTool() {}

  public static RedriveJar.Result run(String... args) {
    return run(new byte[0], false, args);
  }

  /** The same, with somebody who types. */
  public static RedriveJar.Result typing(String input, String... args) {
    return run(input.getBytes(UTF_8), true, args);
  }

  private static RedriveJar.Result run(byte[] input, boolean canAsk, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal = new Terminal(new ByteArrayInputStream(input), plain(out), plain(err), canAsk);
    int exitCode = Main.commandLine(terminal).execute(args);
    return new RedriveJar.Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  public static Terminal.Stream plain(ByteArrayOutputStream bytes) {
    return new Terminal.Stream(new PrintStream(bytes, true, UTF_8), false, false, UTF_8);
  }
}
