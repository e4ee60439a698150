package dev.redrive.baanx;

import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What came of {@link BaanxClient#retryToAllWebhooks}.
 *
 * @param eventId the id of the event's record
 * @param status what came of the request; {@link RetryResult.Status#ACCEPTED} means queued
 * @param webhookCount how many webhooks Baanx will deliver it to, as it says; null if it does not
 * @param reason why it is not accepted, in words for people; null if it is
 * @param error the failure of the request, null if Baanx answered
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
