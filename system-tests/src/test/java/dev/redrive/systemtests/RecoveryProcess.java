package dev.redrive.systemtests;

import dev.redrive.TimeSource;
import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.RetryLedger;
import dev.redrive.recovery.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A recovery in a process of its own, to be killed at any moment: arguments are the ledger and, for
 * each account, API, base URL and key. Runs again until no other run holds anything; prints the
 * last report and exits with 3 if something is left to do.
 */
final class RecoveryProcess {
  static final int INCOMPLETE = 3;

  private static final Duration SETTLE = Duration.ofSeconds(3);
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private RecoveryProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    List<WebhookRetryClient> clients = new ArrayList<>();
    for (int i = 1; i < arguments.length; i += 3) {
      clients.add(client(Api.valueOf(arguments[i]), arguments[i + 1], arguments[i + 2]));
    }
    TimeSource time = TimeSource.system();
    RecoveryReport report;
    Instant end = time.now().plus(LONGEST);
    try (RetryLedger ledger = JdbcLedger.open(arguments[0])) {
      report = recover(clients, ledger);
      while (report.counts().skipped().containsKey(SkipReason.OTHER_RUN)
          && time.now().isBefore(end)) {
        time.sleep(Duration.ofMillis(100));
        report = recover(clients, ledger);
      }
      System.out.println(report.counts() + " " + report.problems());
    }
    clients.forEach(WebhookRetryClient::close);
    if (!report.allDelivered()) {
      System.exit(INCOMPLETE);
    }
  }

  private static WebhookRetryClient client(Api api, String baseUrl, String key) {
    return api.connect(
        builder ->
            builder
                .baseUrl(baseUrl)
                .apiKey(key)
                .account(api.name())
                .requestTimeout(SETTLE)
                .settleTime(SETTLE));
  }

  private static RecoveryReport recover(List<WebhookRetryClient> clients, RetryLedger ledger) {
    return Recovery.of(clients)
        .ledger(ledger)
        .batchSize(10)
        .lease(LEASE)
        .verifyTimeout(Duration.ofSeconds(10))
        .build()
        .run();
  }
}
