package dev.redrive.cli.output;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.LedgerEntry;
import org.jspecify.annotations.Nullable;

/** One delivery of a run as JSON tells it: in {@code --results} and in {@code history}. */
public final class ResultLine {
  private ResultLine() {}

  public static Fields of(LedgerEntry entry) {
    Fate fate = Fate.of(entry.state());
    return start(entry.key().id(), entry.delivery(), fate, entry.reason())
        .text("advice", fate.isNotDelivered() ? fate.advice(entry) : null)
        .value("sends", entry.sends())
        .text("newLogId", entry.newLogId())
        .time("requestedAt", entry.requestedAt())
        .time("settledAt", entry.settledAt());
  }

  public static Fields skipped(FailedDelivery delivery, SkipReason reason) {
    return start(delivery.key().id(), delivery, Fate.SKIPPED, Skips.words(reason))
        .text("advice", null)
        .value("sends", 0)
        .text("newLogId", null)
        .time("requestedAt", null)
        .time("settledAt", null);
  }

  private static Fields start(
      String id, FailedDelivery delivery, Fate fate, @Nullable String reason) {
    WebhookLog latest = delivery.latest();
    return new Fields()
        .key(delivery.key())
        .text("id", id)
        .text("webhookId", latest.webhookId())
        .text("endpoint", ProviderText.endpoint(latest.endpoint()))
        .text("eventId", latest.eventId())
        .text("eventType", latest.eventType())
        .value("cause", delivery.cause())
        .time("failedAt", latest.createdAt())
        .value("state", fate)
        .text("reason", reason);
  }
}
