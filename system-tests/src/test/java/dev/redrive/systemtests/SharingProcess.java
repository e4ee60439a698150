package dev.redrive.systemtests;

import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that shares a ledger with others: arguments are the ledger, how many deliveries a
 * request takes, the lease in ms, and for each account API and settings. It does what each line of
 * its input says, and ends with the input: {@link #FIRST} and {@link #ANOTHER} are one run each,
 * {@link #TOGETHER} is one that says {@link #PLANNED} before it sends anything and waits for a
 * further line. Every other line is said back. It prints what each run reports (see {@link
 * Shared}).
 *
 * <p>A run whose ledger failed is made once more: it may do so a few times, and then fails.
 */
final class SharingProcess {
  static final String FIRST = "run";
  static final String ANOTHER = "run another round";
  static final String TOGETHER = "run together";

  static final String READY = "ready";
  static final String PLANNED = "planned";

  private static final int MOST_FAILED_RUNS = 10;

  private final BufferedReader input =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private final RetryLedger ledger;
  private final List<WebhookRetryClient> clients;
  private final int batchSize;
  private final Duration lease;
  private int failedRuns;

  private SharingProcess(
      RetryLedger ledger, List<WebhookRetryClient> clients, int batchSize, Duration lease) {
    this.ledger = ledger;
    this.clients = clients;
    this.batchSize = batchSize;
    this.lease = lease;
  }

  public static void main(String[] arguments) throws IOException {
    List<WebhookRetryClient> clients = new ArrayList<>();
    Duration lease = Duration.ofMillis(Long.parseLong(arguments[2]));
    for (int i = 3; i < arguments.length; i += 2) {
      String timeout = lease.dividedBy(3).toString();
      clients.add(
          Api.named(arguments[i])
              .connect(
                  Api.settings(arguments[i + 1])
                      .with("requestTimeout", timeout)
                      .with("settleTime", timeout)));
    }
    try (RetryLedger ledger = open(arguments[0])) {
      System.out.println(READY);
      new SharingProcess(ledger, clients, Integer.parseInt(arguments[1]), lease).obey();
    }
    clients.forEach(WebhookRetryClient::close);
  }

  /** A process that waits for its first line. */
  static ChildProcess start(String ledger, int batchSize, Duration lease, Fakes fakes) {
    List<String> arguments = new ArrayList<>();
    arguments.add(ledger);
    arguments.add(Integer.toString(batchSize));
    arguments.add(Long.toString(lease.toMillis()));
    arguments.addAll(fakes.arguments());
    return ChildProcess.start(SharingProcess.class, List.of("-Xmx128m"), arguments);
  }

  static RetryLedger open(String ledger) {
    return ledger.startsWith("jdbc:") ? JdbcLedger.open(ledger) : JdbcLedger.open(Path.of(ledger));
  }

  private void obey() throws IOException {
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      switch (line) {
        case FIRST -> run(Recovery.of(clients));
        case ANOTHER -> run(Recovery.of(clients).anotherRound());
        case TOGETHER -> run(Recovery.of(clients).approval(plan -> isToldToGo()));
        default -> System.out.println(line);
      }
    }
  }

  private boolean isToldToGo() {
    System.out.println(PLANNED);
    try {
      return input.readLine() != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(Recovery.Builder builder) {
    Recovery recovery =
        builder
            .ledger(ledger)
            .batchSize(batchSize)
            .lease(lease)
            .verifyTimeout(Duration.ofSeconds(10))
            .build();
    boolean isDone = false;
    while (!isDone) {
      try {
        RecoveryReport report = recovery.run();
        System.out.println(Shared.line(report));
        isDone = true;
      } catch (LedgerException e) {
        System.out.println(Shared.FAILED + e.getMessage());
        if (++failedRuns > MOST_FAILED_RUNS) {
          throw e;
        }
      }
    }
  }
}
