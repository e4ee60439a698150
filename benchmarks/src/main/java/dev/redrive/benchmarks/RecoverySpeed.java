package dev.redrive.benchmarks;

import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.InMemoryLedger;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a whole recovery takes at a fake Chatt2.me with 20 ms per answer, against the least that
 * its requests could take and against the vendor's recipe. Arguments: rounds (5), failures
 * (10,000), webhooks (3).
 */
public final class RecoverySpeed {
  private static final int CONCURRENCY = 8;
  private static final int PER_REQUEST = 50;
  private static final int WARM_UPS = 8;
  private static final Duration LATENCY = Duration.ofMillis(20);

  private final FakeProcess fakes;
  private final int failures;
  private final int webhooks;

  private RecoverySpeed(FakeProcess fakes, int failures, int webhooks) {
    this.fakes = fakes;
    this.failures = failures;
    this.webhooks = webhooks;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = argument(arguments, 0, 5);
    Path folder = Files.createTempDirectory("redrive-speed");
    try (FakeProcess fakes = FakeProcess.start()) {
      new RecoverySpeed(fakes, argument(arguments, 1, 10_000), argument(arguments, 2, 3))
          .measure(rounds, folder);
    } finally {
      Folders.delete(folder);
    }
  }

  private static int argument(String[] arguments, int at, int usual) {
    return arguments.length > at ? Integer.parseInt(arguments[at]) : usual;
  }

  private void measure(int rounds, Path folder) throws IOException, InterruptedException {
    double bound = 3.0 * ceilDiv(failures, PER_REQUEST) * LATENCY.toMillis() / CONCURRENCY;
    print("%d failures at %d webhooks; lower bound %.0f ms%n", failures, webhooks, bound);
    for (int i = 0; i < WARM_UPS; i++) {
      inMemory();
      inSqlite(folder.resolve("warm-up-" + i));
    }
    List<Double> memory = new ArrayList<>();
    List<Double> sqlite = new ArrayList<>();
    List<Double> recipe = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      memory.add(inMemory());
      sqlite.add(inSqlite(folder.resolve("round-" + i)));
      recipe.add(recipe());
    }
    row("in memory", memory, bound, recipe);
    row("SQLite file", sqlite, bound, recipe);
    row("recipe", recipe, bound, recipe);
  }

  private static void row(String name, List<Double> millis, double bound, List<Double> recipe) {
    double median = median(millis);
    print(
        "%-10s median %6.0f ms (least %.0f) = %.2f x lower bound; recipe takes %.1f x as long%n",
        name,
        median,
        millis.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        median / bound,
        median(recipe) / median);
  }

  private double inMemory() {
    return recover(new InMemoryLedger());
  }

  private double inSqlite(Path file) {
    return recover(JdbcLedger.open(file));
  }

  private double recover(RetryLedger ledger) {
    try (ledger;
        Chatt2meClient client = fakes.with(failures, webhooks, LATENCY).client()) {
      Recovery recovery = Recovery.of(client).ledger(ledger).concurrency(CONCURRENCY).build();
      long begun = System.nanoTime();
      RecoveryReport report = recovery.run();
      double millis = (System.nanoTime() - begun) / 1e6;
      FakeProcess.Account account = fakes.account();
      print(
          "  recovery %6.0f ms: %d pages, %d retries, %d at once at most%n",
          millis, account.lists(), account.retries(), account.peak());
      check(report.counts().delivered(), account);
      return millis;
    }
  }

  private double recipe() throws IOException, InterruptedException {
    var recipe = new VendorRecipe(fakes.with(failures, webhooks, LATENCY));
    long begun = System.nanoTime();
    int delivered = recipe.run();
    double millis = (System.nanoTime() - begun) / 1e6;
    FakeProcess.Account account = fakes.account();
    print(
        "  recipe   %6.0f ms: %d pages, %d retries%n", millis, account.lists(), account.retries());
    check(delivered, account);
    return millis;
  }

  private void check(long delivered, FakeProcess.Account account) {
    if (delivered != failures || account.lost() > 0 || account.twice() > 0) {
      throw new IllegalStateException(delivered + " of " + failures + " delivered, " + account);
    }
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
