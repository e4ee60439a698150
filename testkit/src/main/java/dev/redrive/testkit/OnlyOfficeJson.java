package dev.redrive.testkit;

import dev.redrive.testkit.OnlyOfficeLogs.Event;
import dev.redrive.testkit.OnlyOfficeLogs.Log;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How ONLYOFFICE writes its envelopes, subscriptions and logs: absent values are left out of them,
 * not null [src].
 */
final class OnlyOfficeJson {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS0000", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Instant SUBSCRIBED = Instant.parse("2026-01-01T00:00:00Z");

  private final Ids signatures;
  private final ZoneId zone;
  private final String suffix;
  private final boolean tellsAttempts;
  private final boolean legacyPayloads;

  OnlyOfficeJson(Ids signatures, FakeOnlyOffice.Builder settings) {
    this.signatures = signatures;
    this.zone = settings.zone;
    this.suffix = settings.timesWithoutZone ? "" : "Z";
    this.tellsAttempts = settings.resetsLog;
    this.legacyPayloads = settings.legacyPayloads;
  }

  /**
   * What each answer is wrapped in.
   *
   * @param total the rows that match; null where the server does not tell, which is everywhere but
   *     in the list of logs [src]
   */
  static Json envelope(
      @Nullable Object response, int count, @Nullable Integer total, String href, String action) {
    return Json.object()
        .putIfPresent("response", response)
        .put("count", count)
        .putIfPresent("total", total)
        .put("links", List.of(Json.object().put("href", href).put("action", action)))
        .put("status", 0)
        .put("statusCode", 200);
  }

  /** The subscription's {@code configs}. */
  Json webhook(Subscription webhook) {
    return Json.object()
        .put("id", number(webhook))
        .put("name", webhook.name())
        .put("uri", webhook.url())
        .put("enabled", webhook.isActive())
        .put("ssl", true)
        .put("triggers", 0)
        .put("createdOn", local(SUBSCRIBED));
  }

  private static int number(Subscription webhook) {
    return Integer.parseInt(webhook.id());
  }

  /** A log as the answer to a retry has it. */
  Json log(Log log) {
    return log(log, UnaryOperator.identity());
  }

  /**
   * A log as the list has it: its times, which are UTC, are taken for the portal's local ones and
   * converted to UTC [src].
   */
  Json listed(Log log) {
    return log(log, utc -> LocalDateTime.ofInstant(utc, ZoneOffset.UTC).atZone(zone).toInstant());
  }

  private Json log(Log log, UnaryOperator<Instant> shift) {
    boolean delivered = log.deliveredAt != null;
    Json json =
        Json.object()
            .put("id", log.id())
            .put("configName", log.webhook().name())
            .put("trigger", log.event.trigger().bit())
            .put("creationTime", time(shift.apply(log.createdAt)))
            .putIfPresent("requestHeaders", log.sent ? requestHeaders(log) : null)
            .put("requestPayload", payload(log))
            .putIfPresent("responseHeaders", log.sent && delivered ? "{\"Server\":\"x\"}" : null)
            .putIfPresent("responsePayload", log.sent ? responsePayload(log) : null)
            .put("status", log.storedStatus())
            .putIfPresent("delivery", time(log.deliveredAt, shift));
    return tellsAttempts
        ? json.put("attempts", log.attempts)
            .putIfPresent("nextAttemptOn", time(log.nextAttemptAt, shift))
        : json;
  }

  private String requestHeaders(Log log) {
    return Json.object()
        .put("Content-Type", "application/json")
        .put("x-docspace-signature-256", "sha256=" + signatures.hex(log.number))
        .text();
  }

  private static String responsePayload(Log log) {
    int code = log.status;
    if (Endpoint.isSuccess(code)) {
      return "OK";
    }
    if (code == Endpoint.NO_ANSWER) {
      return switch (log.number % 3) {
        case 0 -> "Connection refused (receiver.example.com:443)";
        case 1 -> "Name or service not known (receiver.example.com:443)";
        default ->
            log.number % 2 == 0
                ? "A task was canceled."
                : "The request was canceled due to the configured HttpClient.Timeout of 100 seconds"
                    + " elapsing.";
      };
    }
    if (code == 500 && log.number % 4 == 0) {
      return "The SSL connection could not be established, see inner exception.";
    }
    return "Response status code does not indicate success: "
        + code
        + " ("
        + Causes.reason(code)
        + ").";
  }

  private String payload(Log log) {
    Event event = log.event;
    // Two events of one file: equal payloads alone do not mean the same event.
    int file = 70_000 + event.received().number / 2;
    Json payload =
        Json.object()
            .put("id", file)
            .put("parentId", 42)
            .put("rootId", 42)
            .put("title", "Document " + file + ".docx");
    if (legacyPayloads) {
      return payload.text();
    }
    Log sent = log.payloadOf;
    return Json.object()
        .put(
            "event",
            Json.object()
                .putIfPresent("id", sent == null ? null : sent.id())
                .put("createOn", time(event.happenedAt()))
                .put("createBy", "66faa6e4-f133-11ea-b126-00ffeec8b4ef")
                .put("trigger", event.trigger().name())
                .put("triggerId", event.trigger().bit()))
        .put("payload", payload)
        .put("webhook", webhookInPayload(log.webhook(), sent))
        .text();
  }

  /** The subscription, and what the last sending says of the POSTs that failed before [src]. */
  private Json webhookInPayload(Subscription webhook, @Nullable Log sent) {
    Json json =
        Json.object()
            .put("id", number(webhook))
            .put("name", webhook.name())
            .put("url", webhook.url())
            .put("triggers", List.of(webhook.eventType()));
    if (sent == null || sent.posts < 2) {
      return json;
    }
    int retries = sent.posts - 1;
    Instant failed = sent.lastPostAt.minus(OnlyOfficeSender.pauseAfter(retries));
    return json.put("lastFailureOn", time(failed))
        .put("retryCount", retries)
        .put("retryOn", time(sent.lastPostAt));
  }

  /** A time in the portal's zone. */
  String local(Instant instant) {
    return TIME.withZone(zone).format(instant) + suffix;
  }

  private String time(Instant instant) {
    return TIME.format(instant) + suffix;
  }

  private @Nullable String time(@Nullable Instant instant, UnaryOperator<Instant> shift) {
    return instant == null ? null : time(shift.apply(instant));
  }
}
