package dev.redrive.cli;

import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.testkit.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder with a ledger and a key, and the command run in it. */
public final class ToolFolder {
  /** The account of all deliveries that a test puts into the ledger itself. */
  public static final Account ACCOUNT =
      new Account("chatt2me", "test", Account.Identity.AT_PROVIDER);

  private static final Instant FAILED_AT = Instant.parse("2026-03-01T10:00:00Z");

  private final Path folder;

  public ToolFolder(Path folder) {
    this.folder = folder;
  }

  public Path ledgerFile() {
    return folder.resolve("ledger.db");
  }

  public RetryLedger ledger() {
    return JdbcLedger.open(ledgerFile());
  }

  /** A command that needs the ledger only. */
  public RedriveJar.Result local(String... command) {
    return CommandLineTool.run(with(command, "--ledger", ledgerFile().toString()));
  }

  /** The same, with somebody who types the answer. */
  public RedriveJar.Result typing(String input, String... command) {
    return CommandLineTool.typing(input, with(command, "--ledger", ledgerFile().toString()));
  }

  /** The same, on a terminal of so many columns. */
  public RedriveJar.Result onTerminal(int columns, String... command) {
    return CommandLineTool.onTerminal(columns, with(command, "--ledger", ledgerFile().toString()));
  }

  /** A command that connects. */
  public RedriveJar.Result at(String provider, FakeProvider fake, String... command) {
    return at(provider, fake.baseUrl(), fake.apiKey(), with(command, flags(provider, fake)));
  }

  public RedriveJar.Result at(String provider, String baseUrl, String key, String... command) {
    return local(connecting(provider, baseUrl, key, command));
  }

  /** A command that connects and knows no ledger. */
  public RedriveJar.Result listing(String provider, FakeProvider fake, String... command) {
    return CommandLineTool.run(
        connecting(provider, fake.baseUrl(), fake.apiKey(), with(command, flags(provider, fake))));
  }

  private static String[] flags(String provider, FakeProvider fake) {
    return Fakes.flags(provider, fake).toArray(String[]::new);
  }

  private String[] connecting(String provider, String baseUrl, String key, String... command) {
    Path file = folder.resolve("key");
    try {
      if (Files.notExists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return with(
        command,
        "--provider",
        provider,
        "--account",
        "test",
        "--base-url",
        baseUrl,
        "--api-key-file",
        file.toString());
  }

  private static String[] with(String[] command, String... more) {
    var all = new ArrayList<>(List.of(command));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  public static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(
                new DeliveryKey(ACCOUNT.provider(), ACCOUNT.name(), id), DeliveryStatus.FAILED)
            .webhook("w1", null, "https://app.example.com/hook")
            .event("e-" + id, "message.created")
            .httpStatus(503)
            .createdAt(FAILED_AT)
            .build());
  }

  /** A run that has found these deliveries; it is alive. */
  public static void begin(RetryLedger ledger, String run, String... ids) {
    ledger.begin(new LedgerRun(run, List.of(ACCOUNT), FAILED_AT));
    ledger.approve(run);
    var unused =
        ledger.admit(
            run, ACCOUNT, Stream.of(ids).map(ToolFolder::failed).toList(), RetryLedger.Round.FIRST);
  }

  /** The run sends one delivery, which the provider takes. */
  public static LedgerEntry send(RetryLedger ledger, String run) {
    LedgerEntry claimed = claim(ledger, run);
    ledger.record(
        run,
        List.of(claimed),
        List.of(RetryResult.accepted(claimed.delivery(), claimed.key().id() + "-new", FAILED_AT)));
    return ledger.admin().find(claimed.key()).orElseThrow().entry();
  }

  public static LedgerEntry claim(RetryLedger ledger, String run) {
    return ledger
        .claim(run, ACCOUNT, RetryLedger.Grouping.ANY, 1, FAILED_AT, Duration.ofMinutes(5))
        .get(0);
  }

  /** The run sends one delivery and reads what became of it. */
  public static void settle(RetryLedger ledger, String run, RetryOutcome.Status status) {
    LedgerEntry sent = send(ledger, run);
    WebhookLog log =
        WebhookLog.builder(
                new DeliveryKey(ACCOUNT.provider(), ACCOUNT.name(), sent.key().id() + "-new"),
                status == RetryOutcome.Status.DELIVERED
                    ? DeliveryStatus.SUCCEEDED
                    : DeliveryStatus.FAILED)
            .webhook("w1", null, null)
            .httpStatus(status == RetryOutcome.Status.DELIVERED ? 200 : 500)
            .build();
    ledger.settle(
        run,
        List.of(sent),
        List.of(
            status == RetryOutcome.Status.UNKNOWN
                ? RetryOutcome.of(sent.toResult(), status, "the logs do not tell")
                : RetryOutcome.of(sent.toResult(), log)),
        FAILED_AT.plusSeconds(60));
  }

  public static void finish(RetryLedger ledger, String run) {
    ledger.finish(
        run,
        FAILED_AT.plusSeconds(90),
        RecoveryReport.End.FINISHED,
        new DeliveryCounts(2, Map.of(), 1, 1, 0, 0, 0, 0));
  }
}
