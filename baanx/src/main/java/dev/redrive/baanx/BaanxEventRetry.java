package dev.redrive.baanx;

import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link BaanxClient#retryToAllWebhooks}.
 *
 * @param eventId the id of the event's record
 * @param status the result of the request; {@link RetryResult.Status#ACCEPTED} means queued
 * @param webhookCount how many webhooks Baanx will send it to; null if Baanx does not say
 * @param reason why it was not accepted, as text for people; null if it was
 * @param error why the request failed; null if Baanx responded with 2xx
 */
public record BaanxEventRetry(
    String eventId,
    RetryResult.Status status,
    @Nullable Integer webhookCount,
    @Nullable String reason,
    @Nullable RedriveException error) {
  public BaanxEventRetry {
    Objects.requireNonNull(eventId, "eventId");
    Objects.requireNonNull(status, "status");
  }
}
