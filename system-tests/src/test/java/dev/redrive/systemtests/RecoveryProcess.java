package dev.redrive.systemtests;

import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A recovery in a process of its own, to be killed at any moment: arguments are the ledger and, for
 * each account, API and settings. It says {@link #READY} and starts when it gets a byte. Then it
 * does what its reports tell a user to: runs again, for another round of what failed again, until
 * nothing is left to send. With {@link #ONE_RUN} it makes one run, and another round only for what
 * failed again. Prints its phases and reports, and exits with 3 if something is left to do, with 4
 * if one run did not do what it can.
 */
final class RecoveryProcess {
  static final int INCOMPLETE = 3;

  /** A run said that all is well where it was not, or left something that it could have sent. */
  static final int NEGLECTED = 4;

  /** The system property that has it make one run, and no more until all is well. */
  static final String ONE_RUN = "redrive.crash.one-run";

  static final String READY = "ready";
  static final String PHASE = "phase ";

  static final Duration LEASE = Duration.ofSeconds(4);

  private static final Duration SETTLE = Duration.ofMillis(1500);

  /** Keycloak repeats a failed retry by itself after half a second, 2.5 s and 12.5 s. */
  private static final Duration TO_VERIFY = Duration.ofSeconds(20);

  private static final Duration LONGEST = Duration.ofSeconds(60);

  private RecoveryProcess() {}

  public static void main(String[] arguments) throws InterruptedException, IOException {
    List<WebhookRetryClient> clients = new ArrayList<>();
    for (int i = 1; i < arguments.length; i += 2) {
      clients.add(client(Api.named(arguments[i]), Api.settings(arguments[i + 1])));
    }
    System.out.println(READY);
    if (System.in.read() < 0) {
      throw new IOException("nobody says when to start");
    }
    int exit;
    String name = arguments[0];
    try (RetryLedger ledger =
        name.startsWith("jdbc:") ? JdbcLedger.open(name) : JdbcLedger.open(Path.of(name))) {
      exit =
          Boolean.getBoolean(ONE_RUN)
              ? recoverOnce(clients, ledger)
              : recoverAll(clients, ledger) ? 0 : INCOMPLETE;
    }
    clients.forEach(WebhookRetryClient::close);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /** One run has to end the work, but for another round of what failed again. */
  private static int recoverOnce(List<WebhookRetryClient> clients, RetryLedger ledger) {
    RecoveryReport report = recover(Recovery.of(clients), ledger);
    DeliveryCounts counts = report.counts();
    if (!report.problems().isEmpty() || counts.notSent() + counts.pending() > 0) {
      return NEGLECTED;
    }
    if (!report.allDelivered()) {
      report = recover(Recovery.of(clients).anotherRound(), ledger);
    }
    return report.allDelivered() ? 0 : INCOMPLETE;
  }

  private static WebhookRetryClient client(Api api, ProviderSettings settings) {
    return api.connect(
        settings
            .with(ProviderSetting.ACCOUNT, api.name())
            .with("requestTimeout", SETTLE.toString())
            .with("settleTime", SETTLE.toString()));
  }

  /** Until a run has nothing to send. */
  private static boolean recoverAll(List<WebhookRetryClient> clients, RetryLedger ledger)
      throws InterruptedException {
    TimeSource time = TimeSource.system();
    Instant end = time.now().plus(LONGEST);
    RecoveryReport report = recover(Recovery.of(clients), ledger);
    while (isWorthAnother(report) && time.now().isBefore(end)) {
      if (isHeldByAnother(report)) {
        time.sleep(Duration.ofMillis(100));
      }
      report = recover(Recovery.of(clients).anotherRound(), ledger);
    }
    return report.allDelivered();
  }

  private static boolean isWorthAnother(RecoveryReport report) {
    DeliveryCounts counts = report.counts();
    Set<SkipReason> skipped = counts.skipped().keySet();
    return report.requests() > 0
        || !report.problems().isEmpty()
        || counts.notDelivered() > counts.unknown()
        || isHeldByAnother(report)
        || skipped.contains(SkipReason.FAILED_AGAIN_EARLIER)
        || skipped.contains(SkipReason.REJECTED_EARLIER);
  }

  private static boolean isHeldByAnother(RecoveryReport report) {
    return report.counts().skipped().containsKey(SkipReason.OTHER_RUN);
  }

  private static RecoveryReport recover(Recovery.Builder recovery, RetryLedger ledger) {
    RecoveryReport report =
        recovery
            .ledger(ledger)
            .batchSize(10)
            .lease(LEASE)
            .verifyTimeout(TO_VERIFY)
            .listener(
                new RecoveryListener() {
                  @Override
                  public void onPhase(Phase phase) {
                    System.out.println(PHASE + phase);
                  }
                })
            .build()
            .run();
    System.out.println(report.byAccount() + " " + report.problems());
    return report;
  }
}
