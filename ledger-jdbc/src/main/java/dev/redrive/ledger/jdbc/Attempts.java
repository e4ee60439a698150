package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of the attempt to retry. */
final class Attempts {
  static final List<String> COLUMNS =
      List.of(
          "attempt_id",
          "log_id",
          "attempt_lineage",
          "subject",
          "cause",
          "webhook_id",
          "endpoint",
          "event_id",
          "event_type",
          "http_status",
          "attempt_number",
          "created_at",
          "attempted_at");

  /** Replaces the attempts to retry, and keeps the first failure. */
  static final String UPDATE =
      "UPDATE redrive_delivery AS d SET first_cause = COALESCE(d.first_cause, d.cause),"
          + " first_status = CASE WHEN d.first_cause IS NULL THEN d.http_status"
          + " ELSE d.first_status END,"
          + " first_at = CASE WHEN d.first_cause IS NULL THEN d.created_at ELSE d.first_at END, "
          + COLUMNS.stream().map(c -> c + " = u." + c).collect(Collectors.joining(", "))
          + " FROM %s WHERE d.id = u.id";

  private Attempts() {}

  /**
   * Adds the columns to rows. Values that equal {@code key_id} or {@code lineage} are stored as
   * null.
   *
   * @param keyId the values of {@code key_id}
   * @param lineage the values of {@code lineage}; null if they are not known
   */
  static <T> Rows columns(
      Rows rows,
      Collection<T> things,
      Function<T, String> keyId,
      Function<T, @Nullable String> lineage,
      Function<T, FailedDelivery> attempt) {
    Function<T, WebhookLog> log = thing -> attempt.apply(thing).latest();
    return rows.with(
            "attempt_id",
            String.class,
            things,
            t -> unless(log.apply(t).key().id(), keyId.apply(t)))
        .with(
            "log_id",
            String.class,
            things,
            t -> unless(log.apply(t).logId(), log.apply(t).key().id()))
        .with(
            "attempt_lineage",
            String.class,
            things,
            t -> unless(log.apply(t).lineage(), lineage.apply(t)))
        .with("subject", Long.class, things, t -> Columns.subject(attempt.apply(t)))
        .with("cause", String.class, things, t -> attempt.apply(t).cause().name())
        .with("webhook_id", String.class, things, t -> Columns.text(log.apply(t).webhookId()))
        .with(
            "endpoint",
            String.class,
            things,
            t -> Columns.text(ProviderText.endpoint(log.apply(t).endpoint())))
        .with("event_id", String.class, things, t -> Columns.text(log.apply(t).eventId()))
        .with("event_type", String.class, things, t -> Columns.text(log.apply(t).eventType()))
        .with("http_status", Integer.class, things, t -> log.apply(t).httpStatus())
        .with("attempt_number", Integer.class, things, t -> log.apply(t).attemptNumber())
        .with("created_at", Long.class, things, t -> Columns.micros(log.apply(t).createdAt()))
        .with("attempted_at", Long.class, things, t -> Columns.micros(log.apply(t).attemptedAt()));
  }

  private static @Nullable String unless(String value, @Nullable String usual) {
    return value.equals(usual) ? null : Columns.text(value);
  }
}
