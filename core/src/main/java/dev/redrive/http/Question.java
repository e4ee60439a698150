package dev.redrive.http;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.time.Instant;

/**
 * A retry whose outcome is to be read.
 *
 * @param result what came of the retry request
 * @param startedAt the earliest that the request began, by the client's clock
 * @param settled whether the settle time had passed when the reading began, so that a missing log
 *     is evidence that the request was not processed. It must not be judged later, because the
 *     first pages were read earlier
 */
public record Question(RetryResult result, Instant startedAt, boolean settled) {
  /** The clocks of a provider's parts may differ, and an HTTP date has no fractions of a second. */
  private static final Duration CLOCK_MARGIN = Duration.ofSeconds(5);

  static Question of(RetryResult result, HttpSettings settings) {
    Instant startedAt = result.startedAt();
    return new Question(
        result,
        startedAt == null ? result.requestedAt().minus(settings.requestTimeout()) : startedAt,
        !result.requestedAt().plus(settings.settleTime()).isAfter(settings.time().now()));
  }

  /** Returns the id of the delivery, with UUIDs in lower case. */
  public String id() {
    return ProviderHttp.canonicalId(result.key().id());
  }

  /** Returns the latest log of the delivery before the retry. */
  public WebhookLog before() {
    return result.delivery().latest();
  }

  /** Whether the provider accepted the request. If not, its response was lost. */
  public boolean isAccepted() {
    return result.status() == RetryResult.Status.ACCEPTED;
  }

  /** Returns the time, by the provider's clock, before which the retry made no attempt. */
  public Instant earliest(Read.ProviderClock clock) {
    return clock.at(startedAt).minus(CLOCK_MARGIN);
  }

  /** Returns the outcome that the log of the new attempt shows. */
  public RetryOutcome shown(WebhookLog attempt) {
    return RetryOutcome.of(result, attempt);
  }

  /** Returns an outcome that no log shows. */
  public RetryOutcome outcome(RetryOutcome.Status status, String reason) {
    return RetryOutcome.of(result, status, reason);
  }

  /** Returns the outcome of a retry of which it is too early to tell. */
  public RetryOutcome pending(String reason) {
    return outcome(RetryOutcome.Status.PENDING, reason);
  }

  /** Returns the outcome of a retry that certainly made no attempt. */
  public RetryOutcome notSent(String reason) {
    return outcome(RetryOutcome.Status.NOT_SENT, reason);
  }

  /** Returns the outcome of a retry of which the logs do not tell. */
  public RetryOutcome unknown(String reason) {
    return outcome(RetryOutcome.Status.UNKNOWN, reason);
  }

  /** Returns the outcome of a retry of which the delivery's own record does not tell. */
  public RetryOutcome unknown(String reason, WebhookLog record) {
    return new RetryOutcome(result, RetryOutcome.Status.UNKNOWN, record, reason);
  }
}
