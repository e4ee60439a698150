package dev.redrive.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code redrive} command. */
@Command(name = "redrive", mixinStandardHelpOptions = true)
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {}
}
