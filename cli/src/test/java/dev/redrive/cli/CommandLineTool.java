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
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), plain(out), plain(err), false);
    int exitCode = Main.commandLine(terminal).execute(args);
    return new RedriveJar.Result(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  public static Terminal.Stream plain(ByteArrayOutputStream bytes) {
    return new Terminal.Stream(new PrintStream(bytes, true, UTF_8), false, false, UTF_8);
  }
}
