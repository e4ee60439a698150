package dev.redrive.cli.commands;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.output.Fields;
import dev.redrive.cli.output.Rows;
import dev.redrive.cli.output.Times;
import dev.redrive.recovery.ledger.LedgerRetry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How webhooks, logs, failures and retries are shown. */
public final class Listings {
  public static final Rows<Webhook> WEBHOOKS =
      new Rows<>(
          List.of("ID", "NAME", "ACTIVE", "ERRORS", "EVENTS", "ENDPOINT"),
          webhook ->
              new Object[] {
                webhook.id(),
                webhook.name(),
                webhook.active() == null ? null : webhook.active() ? "yes" : "NO",
                webhook.errorCount(),
                String.join(", ", webhook.eventTypes().stream().sorted().toList()),
                ProviderText.endpoint(webhook.endpoint())
              },
          webhook ->
              new Fields()
                  .text("id", webhook.id())
                  .text("name", webhook.name())
                  .value("active", webhook.active())
                  .value("errors", webhook.errorCount())
                  .texts("eventTypes", webhook.eventTypes().stream().sorted().toList())
                  .text("endpoint", ProviderText.endpoint(webhook.endpoint())));

  public static final Rows<WebhookLog> LOGS =
      new Rows<>(
          List.of("TIME", "ID", "EVENT", "STATUS", "HTTP", "ENDPOINT", "ERROR"),
          log ->
              new Object[] {
                time(log),
                log.key().id(),
                log.eventType(),
                log.status(),
                log.httpStatus(),
                ProviderText.endpoint(log.endpoint()),
                log.status() == DeliveryStatus.SUCCEEDED ? null : error(log)
              },
          Listings::fields);

  public static final Rows<FailedDelivery> FAILURES =
      new Rows<>(
          List.of("TIME", "ID", "EVENT", "CAUSE", "HTTP", "ENDPOINT", "ERROR"),
          delivery ->
              new Object[] {
                time(delivery.latest()),
                delivery.key().id(),
                delivery.latest().eventType(),
                delivery.cause(),
                delivery.latest().httpStatus(),
                ProviderText.endpoint(delivery.latest().endpoint()),
                error(delivery.latest())
              },
          delivery ->
              fields(delivery.latest())
                  .value("cause", delivery.cause())
                  .text("advice", delivery.cause().advice()));

  static final Rows<LedgerRetry> RETRIES =
      new Rows<>(
          List.of("RUN", "REQUESTED", "SETTLED", "RESULT"),
          retry ->
              new Object[] {
                retry.run(),
                Times.seconds(retry.requestedAt()),
                Times.seconds(retry.settledAt()),
                Fate.of(retry.state()).words()
                    + (Fate.why(retry).isEmpty() ? "" : ": " + Fate.why(retry))
              },
          retry ->
              new Fields()
                  .text("run", retry.run())
                  .time("requestedAt", retry.requestedAt())
                  .value("state", Fate.of(retry.state()).name())
                  .text("reason", retry.reason())
                  .value("cause", retry.cause())
                  .value("httpStatus", retry.httpStatus())
                  .text("newLogId", retry.newLogId())
                  .time("settledAt", retry.settledAt()));

  private Listings() {}

  static Fields fields(WebhookLog log) {
    return new Fields()
        .key(log.key())
        .text("logId", log.logId())
        .text("webhookId", log.webhookId())
        .text("webhookName", log.webhookName())
        .text("endpoint", ProviderText.endpoint(log.endpoint()))
        .text("eventId", log.eventId())
        .text("eventType", log.eventType())
        .value("status", log.status())
        .text("providerStatus", log.providerStatus())
        .value("httpStatus", log.httpStatus())
        .text("error", log.error())
        .text("responseBody", log.responseBody())
        .value("attempt", log.attemptNumber())
        .time("createdAt", log.createdAt())
        .time("attemptedAt", log.attemptedAt())
        .time("nextRetryAt", log.nextRetryAt());
  }

  /** When it was recorded, as tables show it. */
  static @Nullable String time(WebhookLog log) {
    return Times.seconds(log.createdAt() == null ? log.attemptedAt() : log.createdAt());
  }

  private static @Nullable String error(WebhookLog log) {
    String text = log.error() == null ? log.responseBody() : log.error();
    return text == null ? null : ProviderText.clean(text, 60);
  }
}
