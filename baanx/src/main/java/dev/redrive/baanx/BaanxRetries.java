package dev.redrive.baanx;

import dev.redrive.FailedDelivery;
import dev.redrive.ProviderText;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.baanx.BaanxWire.RetryAnswer;
import dev.redrive.baanx.BaanxWire.RetryTarget;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Sent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends retry requests: for one webhook of an event, or for all of them. */
final class BaanxRetries {
  private final ProviderHttp http;
  private final BaanxApi api;
  private final EventReader events;

  BaanxRetries(ProviderHttp http, BaanxApi api, EventReader events) {
    this.http = http;
    this.api = api;
    this.events = events;
  }

  List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return http.retries()
        .each(
            deliveries,
            delivery -> DeliveryId.refusal(delivery.key().id()),
            events::lookUp,
            this::send);
  }

  private RetryResult send(FailedDelivery delivery) {
    DeliveryId id = Objects.requireNonNull(DeliveryId.parse(delivery.key().id()));
    return api.retryEvent(id.eventId(), new RetryTarget(id.webhookId()))
        .once()
        .toResult(delivery, answer -> result(delivery, answer.body(), answer.at()));
  }

  private static RetryResult result(FailedDelivery delivery, RetryAnswer answer, Instant at) {
    return new RetryResult(delivery, status(answer), null, reason(answer), null, at);
  }

  BaanxEventRetry retryToAllWebhooks(String eventId) {
    if (!ClientBuilder.isUuid(eventId)) {
      return new BaanxEventRetry(
          eventId,
          RetryResult.Status.REJECTED,
          null,
          "the event id is not a UUID: use the id of the event's record",
          null);
    }
    Sent<RetryAnswer> sent = api.retryEventToAllWebhooks(eventId).once();
    if (sent instanceof Sent.Answered<RetryAnswer> answered) {
      RetryAnswer answer = answered.body();
      return new BaanxEventRetry(
          eventId, status(answer), answer.webhookCount(), reason(answer), null);
    }
    if (sent instanceof Sent.Rejected<RetryAnswer> rejected) {
      return failed(eventId, RetryResult.Status.REJECTED, rejected.error());
    }
    if (sent instanceof Sent.NotSent<RetryAnswer> notSent) {
      return failed(eventId, RetryResult.Status.NOT_SENT, notSent.error());
    }
    return failed(eventId, RetryResult.Status.UNKNOWN, ((Sent.Unknown<RetryAnswer>) sent).error());
  }

  private static BaanxEventRetry failed(
      String eventId, RetryResult.Status status, RedriveException error) {
    return new BaanxEventRetry(eventId, status, null, error.summary(), error);
  }

  /** {@code success} means that Baanx queued it; {@code webhookCount}, for how many webhooks. */
  private static RetryResult.Status status(RetryAnswer answer) {
    if (answer.success() == null) {
      return RetryResult.Status.UNKNOWN;
    }
    boolean toNone = Objects.equals(answer.webhookCount(), 0);
    return answer.success() && !toNone ? RetryResult.Status.ACCEPTED : RetryResult.Status.REJECTED;
  }

  /** Returns why it is not {@link RetryResult.Status#ACCEPTED}; null if it is. */
  private static @Nullable String reason(RetryAnswer answer) {
    return switch (status(answer)) {
      case ACCEPTED -> null;
      case REJECTED ->
          "Baanx queued nothing"
              + (answer.message() == null ? "" : ": " + ProviderText.clean(answer.message()));
      default -> "Baanx does not say whether it queued the retry";
    };
  }
}
