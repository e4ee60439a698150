package dev.redrive.cli.commands;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Table;
import dev.redrive.cli.output.Times;
import dev.redrive.cli.terminal.Terminal;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.FirstFailure;
import dev.redrive.recovery.ledger.LedgerAdmin.History;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRetry;
import dev.redrive.recovery.ledger.LedgerRun;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One delivery in full.
 *
 * @param account whose it is
 * @param history what the ledger knows; null if nothing
 * @param attempts what the provider shows; null if it was not asked
 */
public record DeliveryView(
    Account account, @Nullable History history, @Nullable Attempts attempts) {
  private static final int LABEL = 15;

  public static DeliveryView ofLedger(History history) {
    return new DeliveryView(history.entry().account(), history, null);
  }

  /** As a table for people. */
  public void print(Terminal.Stream out) {
    WebhookLog latest = latest();
    PrintStream print = out.print();
    print.println(
        out.bold("Delivery " + ProviderText.clean(id(), 200))
            + " at "
            + account.provider()
            + ":"
            + account.name());
    line(print, "Event", join(latest.eventType(), latest.eventId()));
    line(print, "Webhook", join(latest.webhookId(), null));
    line(print, "Endpoint", join(ProviderText.endpoint(latest.endpoint()), null));
    LedgerEntry entry = entry();
    if (entry == null) {
      line(print, "Ledger", "not known: no run has found it");
    } else {
      printLedger(entry, print);
    }
    printAttempts(out);
    printRetries(out);
    printRuns(out);
    String next = next();
    if (!next.isEmpty()) {
      print.println();
      print.println("Next: " + next);
    }
  }

  private static void printLedger(LedgerEntry entry, PrintStream print) {
    line(print, "State", state(entry));
    FirstFailure first = entry.first();
    line(
        print,
        "First failure",
        failure(Times.seconds(first.at()), first.cause(), first.httpStatus()));
    WebhookLog latest = entry.delivery().latest();
    if (!Objects.equals(latest.createdAt(), first.at())) {
      line(
          print,
          "Latest failure",
          failure(Times.seconds(latest.createdAt()), entry.delivery().cause(), latest.httpStatus())
              + ", log "
              + latest.logId());
    }
  }

  private static String state(LedgerEntry entry) {
    return Fate.of(entry.state()).words()
        + (entry.settledAt() == null ? "" : " at " + Times.seconds(entry.settledAt()))
        + (entry.reason() == null ? "" : ": " + entry.reason());
  }

  private void printAttempts(Terminal.Stream out) {
    Attempts shown = attempts;
    if (shown == null) {
      return;
    }
    out.print().println();
    if (shown.logs().isEmpty()) {
      out.print().println("The provider shows no attempt of it.");
    } else {
      out.print().println("Attempts that the provider shows:");
    }
    try (var table = Table.indented(out, "TIME", "LOG", "STATUS", "HTTP", "ERROR")) {
      for (WebhookLog log : shown.logs()) {
        table.row(
            Listings.time(log),
            log.logId(),
            log.status(),
            log.httpStatus(),
            log.status() == DeliveryStatus.SUCCEEDED || log.error() == null
                ? null
                : ProviderText.clean(log.error(), 60));
      }
    }
    if (shown.remark() != null) {
      out.print().println("  Note: " + shown.remark() + ".");
    }
  }

  private void printRetries(Terminal.Stream out) {
    if (retries().isEmpty()) {
      return;
    }
    out.print().println();
    out.print().println("Retries, the oldest first:");
    try (var table = Table.indented(out, Listings.RETRIES.headers().toArray(String[]::new))) {
      retries().forEach(retry -> table.row(Listings.RETRIES.cells().apply(retry)));
    }
  }

  private void printRuns(Terminal.Stream out) {
    if (history == null) {
      return;
    }
    out.print().println();
    out.print().println("Runs that had it, the latest first:");
    try (var table = Table.indented(out, "RUN", "STARTED", "END")) {
      for (LedgerRun run : history.runs()) {
        table.row(run.id(), Times.seconds(run.startedAt()), RunSoFar.end(run));
      }
    }
  }

  /** As one JSON object. */
  public Fields fields() {
    WebhookLog latest = latest();
    LedgerEntry entry = entry();
    FirstFailure first = entry == null ? null : entry.first();
    return new Fields()
        .text("provider", account.provider())
        .text("account", account.name())
        .text("id", id())
        .text("lineage", latest.lineage())
        .text("webhookId", latest.webhookId())
        .text("endpoint", ProviderText.endpoint(latest.endpoint()))
        .text("eventId", latest.eventId())
        .text("eventType", latest.eventType())
        .value("state", entry == null ? null : Fate.of(entry.state()).name())
        .text("reason", entry == null ? null : entry.reason())
        .time("firstFailedAt", first == null ? null : first.at())
        .value("firstCause", first == null ? null : first.cause())
        .value("firstHttpStatus", first == null ? null : first.httpStatus())
        .value("sends", entry == null ? null : entry.sends())
        .text("newLogId", entry == null ? null : entry.newLogId())
        .time("requestedAt", entry == null ? null : entry.requestedAt())
        .time("settledAt", entry == null ? null : entry.settledAt())
        .objects(
            "runs",
            (history == null ? Stream.<LedgerRun>empty() : history.runs().stream())
                .map(DeliveryView::fields)
                .toList())
        .objects("retries", retries().stream().map(Listings.RETRIES.fields()).toList())
        .value("providerAsked", attempts != null)
        .objects("attempts", logs().stream().map(Listings::fields).toList())
        .text("remark", attempts == null ? null : attempts.remark())
        .text("next", next());
  }

  private static Fields fields(LedgerRun run) {
    return new Fields()
        .text("run", run.id())
        .time("startedAt", run.startedAt())
        .time("endedAt", run.endedAt())
        .text("end", run.end() == null ? null : run.end().name())
        .value("alive", run.isAlive());
  }

  /** What to do about it; empty if nothing is left to do. */
  private String next() {
    LedgerEntry entry = entry();
    boolean wasDelivered =
        logs().stream().anyMatch(log -> log.status() == DeliveryStatus.SUCCEEDED);
    if (entry == null) {
      return wasDelivered
          ? ""
          : logs().stream().anyMatch(log -> log.status() == DeliveryStatus.FAILED)
              ? FailedDelivery.of(latest()).cause().advice() + " 'redrive retry' has it sent again."
              : "";
    }
    if (wasDelivered && Fate.of(entry.state()).isNotDelivered() && !entry.isUnderWay()) {
      return "The provider shows that it was delivered: 'redrive ledger resolve "
          + entry.key().id()
          + " --as delivered' tells the ledger.";
    }
    return advice(entry, history != null && history.runs().stream().anyMatch(LedgerRun::isAlive));
  }

  /** What to do about a delivery in the ledger. */
  public static String advice(LedgerEntry entry, boolean isHeld) {
    String resolve = "'redrive ledger resolve " + entry.key().id() + " --as ";
    return switch (entry.state()) {
      case DELIVERED -> "";
      case FAILED_AGAIN ->
          entry.delivery().cause().advice() + " Then 'redrive retry' sends it once more.";
      case REJECTED -> Fate.REJECTED.advice(entry);
      case FOUND ->
          isHeld
              ? "A run is about to send it: wait for its end."
              : "It is queued: 'redrive recover' sends it.";
      case ACCEPTED, SENDING -> underWay(isHeld);
      case UNKNOWN ->
          entry.isWorthAsking()
              ? underWay(isHeld)
              : "Ask the receiver whether it arrived, then "
                  + resolve
                  + "delivered' or "
                  + resolve
                  + "send-again'.";
    };
  }

  private static String underWay(boolean isHeld) {
    return isHeld
        ? "A run waits for its outcome: ask again when it has ended."
        : "Its run has ended: 'redrive recover' reads what became of it.";
  }

  private String id() {
    LedgerEntry entry = entry();
    return entry == null ? latest().key().id() : entry.key().id();
  }

  private @Nullable LedgerEntry entry() {
    return history == null ? null : history.entry();
  }

  private List<LedgerRetry> retries() {
    return history == null ? List.of() : history.retries();
  }

  private List<WebhookLog> logs() {
    return attempts == null ? List.of() : attempts.logs();
  }

  private WebhookLog latest() {
    LedgerEntry entry = entry();
    return logs().isEmpty() && entry != null ? entry.delivery().latest() : logs().get(0);
  }

  private static String failure(
      @Nullable String time, FailureCause cause, @Nullable Integer httpStatus) {
    return join(time, Fate.failure(cause, httpStatus));
  }

  private static String join(@Nullable String one, @Nullable String other) {
    return one == null || other == null
        ? one == null ? other == null ? "not told" : other : one
        : one + ", " + other;
  }

  private static void line(PrintStream print, String label, String text) {
    print.println(
        "  " + label + " ".repeat(Math.max(1, LABEL - label.length())) + ProviderText.clean(text));
  }
}
