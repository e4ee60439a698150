package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process of its own that works on a ledger and says what it did, a line each. */
final class Child implements AutoCloseable {
  static final Account ACME = new Account("chatt2me", "acme");
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  static final Duration LEASE = Duration.ofMinutes(1);

  private final Process process;
  private final BufferedReader lines;

  private Child(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts {@link #main} in a new JVM, behind a command such as {@code ulimit}. */
  static Child start(String before, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // It lives too shortly for the optimizing compiler to pay.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(List.of(arguments));
    List<String> shell = new ArrayList<>(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
    shell.addAll(command);
    return new Child(
        new ProcessBuilder(shell).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** The next line; null if the process has ended. */
  String line() throws IOException {
    return lines.readLine();
  }

  /** With what it started: under strace the JVM is a child of its own, which would live on. */
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  public static void main(String[] arguments) {
    String task = arguments[0];
    try (JdbcLedger ledger =
        arguments[1].startsWith("jdbc:")
            ? JdbcLedger.open(arguments[1])
            : JdbcLedger.open(Path.of(arguments[1]))) {
      switch (task) {
        case "hold" -> hold();
        case "claim" -> claim(ledger, arguments[2]);
        case "claimSingly" -> claimSingly(ledger, arguments[2]);
        case "claimAll" -> claimAll(ledger, arguments[2]);
        case "fill" -> fill(ledger);
        default -> throw new IllegalArgumentException(task);
      }
    } catch (RuntimeException e) {
      say(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  private static void hold() {
    say("open");
    stand();
  }

  /** Claims from a run that is waiting, and stands still with the claims open. */
  private static void claim(RetryLedger ledger, String run) {
    begin(ledger, run);
    ledger.admit(run, Child.ACME, ListedFailures.of("log-", 30), RetryLedger.Round.FIRST);
    List<LedgerEntry> claimed = ledger.claim(run, ACME, RetryLedger.Grouping.ANY, 20, NOW, LEASE);
    say("claimed " + claimed.size());
    stand();
  }

  /** Claims one delivery after the other, each in a transaction of its own. */
  private static void claimSingly(RetryLedger ledger, String run) {
    begin(ledger, run);
    ledger.admit(run, Child.ACME, ListedFailures.of("log-", 30), RetryLedger.Round.FIRST);
    for (int i = 1; i <= 30; i++) {
      ledger.claim(run, ACME, RetryLedger.Grouping.ANY, 1, NOW, LEASE);
      say("claimed " + i);
    }
    stand();
  }

  /** Claims all that it can get while another process does the same. */
  private static void claimAll(RetryLedger ledger, String run) {
    say("ready");
    for (LedgerRun other : ledger.runs(1)) {
      List<LedgerEntry> claimed;
      while (!(claimed = ledger.claim(other.id(), ACME, RetryLedger.Grouping.ANY, 7, NOW, LEASE))
          .isEmpty()) {
        claimed.forEach(entry -> say(entry.key().id()));
      }
    }
    say("done " + run);
  }

  private static void fill(RetryLedger ledger) {
    begin(ledger, "filling");
    for (int i = 0; i < 2_000; i++) {
      ledger.admit(
          "filling",
          Child.ACME,
          ListedFailures.of("batch-" + i + "-", 200),
          RetryLedger.Round.FIRST);
    }
    say("never full");
  }

  private static void begin(RetryLedger ledger, String run) {
    ledger.begin(new LedgerRun(run, List.of(ACME), NOW));
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void stand() {
    while (true) {
      LockSupport.park();
    }
  }
}
