package dev.redrive.demo;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.Logging;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.RetryLedger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;

/** Recoveries of a {@link World}; as a program, one in a process of its own, to be killed. */
final class Recoveries {
  /** How long after a kill the next one waits, at the most; by default a minute. */
  private static final Duration LEASE = Duration.ofSeconds(6);

  private static final int BATCH_SIZE = 20;

  private Recoveries() {}

  static RecoveryReport run(
      Recovery.Builder recovery, RetryLedger ledger, RecoveryListener listener) {
    return recovery
        .ledger(ledger)
        .listener(listener)
        .batchSize(BATCH_SIZE)
        .lease(LEASE)
        .build()
        .run();
  }

  /**
   * The argument is the ledger; stdin tells where the fakes are. Recovers once, and once more what
   * failed again.
   */
  public static void main(String[] arguments) throws IOException {
    Logging.set(0);
    List<WebhookRetryClient> clients = connect(System.in);
    var nobody = new RecoveryListener() {};
    try (RetryLedger ledger = JdbcLedger.open(Path.of(arguments[0]))) {
      RecoveryReport report = run(Recovery.of(clients), ledger, nobody);
      if (!report.allDelivered()) {
        report = run(Recovery.of(clients).anotherRound(), ledger, nobody);
      }
      report.problems().forEach(problem -> System.err.println(problem.what()));
    } finally {
      clients.forEach(WebhookRetryClient::close);
    }
  }

  /** Keys are in it, so it goes through a pipe: other users see arguments and files. */
  static void tell(World world, OutputStream stdin) throws IOException {
    var settings = new Properties();
    for (World.Fake fake : world.fakes()) {
      for (String name : fake.settings().names()) {
        settings.setProperty(fake.provider().name() + "." + name, "" + fake.settings().get(name));
      }
    }
    settings.store(stdin, null);
  }

  private static List<WebhookRetryClient> connect(InputStream stdin) throws IOException {
    var told = new Properties();
    told.load(stdin);
    var byProvider = new TreeMap<String, ProviderSettings>();
    for (String name : told.stringPropertyNames()) {
      String[] parts = name.split("\\.", 2);
      byProvider.merge(
          parts[0],
          ProviderSettings.none().with(parts[1], told.getProperty(name)),
          (known, one) -> known.with(parts[1], one.get(parts[1])));
    }
    var clients = new ArrayList<WebhookRetryClient>();
    byProvider.forEach(
        (name, settings) -> clients.add(ProviderFactory.named(name).create(settings)));
    return clients;
  }
}
