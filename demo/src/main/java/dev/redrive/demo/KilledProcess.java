package dev.redrive.demo;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A recovery in a process of its own, which is killed, and the same once more. */
final class KilledProcess {
  /** 128 and the number of SIGKILL; 1 on Windows, which has no signals. */
  private static final List<Integer> KILLED = List.of(137, 1);

  private final World world;
  private final Path ledger;

  KilledProcess(World world, Path ledger) {
    this.world = world;
    this.ledger = ledger;
  }

  /** Starts it, and kills it at one of its retry requests, which the provider still carries out. */
  void killAt(int request) throws IOException, InterruptedException {
    Process process = start();
    var requests = new AtomicInteger();
    world.onRetry(
        () -> {
          if (requests.incrementAndGet() == request) {
            process.destroyForcibly();
          }
        });
    tellWhereTheFakesAre(process);
    int exit = process.waitFor();
    if (!KILLED.contains(exit) || requests.get() < request) {
      throw new IllegalStateException(
          "the recovery was not killed: it ended with "
              + exit
              + " after "
              + requests
              + " retry requests");
    }
  }

  /** Runs it to its end. What it achieved is told by the receivers. */
  void finish() throws IOException, InterruptedException {
    Process process = start();
    tellWhereTheFakesAre(process);
    process.waitFor();
  }

  /** With the same jars and options as this one. */
  private Process start() throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // A killed process leaves the library there that SQLite's driver has unpacked.
    command.add("-Dorg.sqlite.tmpdir=" + ledger.toAbsolutePath().getParent());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Recoveries.class.getName(),
            ledger.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  private void tellWhereTheFakesAre(Process process) throws IOException {
    try (OutputStream stdin = process.getOutputStream()) {
      Recoveries.tell(world, stdin);
    }
  }
}
