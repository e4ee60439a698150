package dev.redrive.benchmarks;

import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeChatt2me;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Recovers a million failures in a JVM of 96 MB with the ledger in an SQLite file. The fake
 * Chatt2.me is in this JVM, the recovery in a child. Arguments: failures (1,000,000), the child's
 * heap (96m).
 */
public final class MillionFailures {
  private MillionFailures() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int failures = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    String heap = arguments.length > 1 ? arguments[1] : "96m";
    Path folder = Files.createTempDirectory("redrive-million");
    try (FakeChatt2me fake = FakeChatt2me.builder().recordedRequests(0).start()) {
      fake.failures(failures);
      int exit =
          new ProcessBuilder(
                  FakeProcess.java(
                      List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"),
                      Child.class,
                      List.of(fake.baseUrl(), fake.apiKey(), folder.resolve("ledger").toString())))
              .inheritIO()
              .start()
              .waitFor();
      System.out.printf(
          Locale.ROOT,
          "exit %d; %,d requests; of %,d events %,d never delivered, %,d more than once%n",
          exit,
          fake.requestCount(),
          failures,
          fake.endpoint().neverDelivered().size(),
          fake.endpoint().deliveredMoreThanOnce().size());
    } finally {
      Folders.delete(folder);
    }
  }

  /** The recovery: base URL, key, ledger file. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      long begun = System.nanoTime();
      try (RetryLedger ledger = JdbcLedger.open(Path.of(arguments[2]));
          Chatt2meClient client = new FakeProcess.Address(arguments[0], arguments[1]).client()) {
        Recovery recovery =
            Recovery.of(client).ledger(ledger).listener(new Printing(begun)).build();
        RecoveryReport report = recovery.run();
        print(begun, report.counts().toString());
        print(begun, "in use after the last collection: " + heapInUse() / 1_000_000 + " MB");
      }
    }

    private static long heapInUse() {
      return ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getCollectionUsage)
          .filter(Objects::nonNull)
          .mapToLong(MemoryUsage::getUsed)
          .sum();
    }

    private static void print(long begun, String what) {
      System.out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begun) / 1e9, what);
    }

    private record Printing(long begun) implements RecoveryListener {
      @Override
      public void onPhase(Phase phase) {
        print(begun, phase.toString());
      }

      @Override
      public void onPlan(RecoveryPlan plan) {
        print(begun, plan.toSend() + " to send");
      }
    }
  }
}
