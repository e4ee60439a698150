package dev.redrive.github;

import dev.redrive.DeliveryStatus;
import dev.redrive.RetryOutcome;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import dev.redrive.http.Read;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A retry whose outcome is looked for. GitHub answers it without the id of the new delivery, which
 * appears in the webhook's list with the event's GUID, marked as a redelivery.
 */
final class Sought {
  /** How long a delivery is listed, less some hours in case clocks differ. */
  private static final Duration SURELY_LISTED = GithubApi.RETENTION.minusHours(6);

  private final Question question;
  private final boolean listed;
  private Instant earliest;
  private @Nullable WebhookLog found;
  private boolean inDoubt;

  Sought(Question question, Instant now) {
    this.question = question;
    this.listed = question.startedAt().plus(SURELY_LISTED).isAfter(now);
    this.earliest = Objects.requireNonNullElse(question.before().createdAt(), Instant.MIN);
  }

  Question question() {
    return question;
  }

  String hook() {
    return Objects.requireNonNull(DeliveryId.parse(question.result().key().id())).hook();
  }

  String event() {
    return ProviderHttp.canonicalId(String.valueOf(question.before().eventId()));
  }

  /** Sets the provider's clock as of the start of the search. */
  void dated(Read.ProviderClock clock) {
    Instant asked = question.earliest(clock);
    earliest = asked.isAfter(earliest) ? asked : earliest;
  }

  /** Returns the time before which there is no new delivery. */
  Instant earliest() {
    return earliest;
  }

  /**
   * Looks at a delivery of the event.
   *
   * @param isFirst whether it is the event's first one
   */
  void look(WebhookLog log, boolean isFirst) {
    Instant time = log.createdAt();
    if (log.status() == DeliveryStatus.SUCCEEDED) {
      // The event was delivered, even if somebody else requested this delivery.
      found = log;
    } else if (isFirst
        || log.key().equals(question.result().key())
        || log.logId().equals(question.before().logId())
        || (time != null && time.isBefore(earliest))) {
      return;
    } else if (log.status() == DeliveryStatus.UNKNOWN || time == null) {
      inDoubt = true;
    } else if (found == null) {
      found = log;
    }
  }

  /** Whether further deliveries cannot change the outcome. */
  boolean isDecided() {
    return found != null && found.status() == DeliveryStatus.SUCCEEDED;
  }

  /**
   * Returns the outcome.
   *
   * @param isComplete whether all deliveries since the request could be read
   */
  RetryOutcome outcome(boolean isComplete) {
    if (found != null) {
      return question.shown(found);
    }
    if (!question.settled()) {
      return question.pending("no new delivery of the event is listed so far");
    }
    if (inDoubt || !isComplete) {
      return question.unknown("a delivery in GitHub's list cannot be read, and may be the new one");
    }
    if (!listed) {
      return question.unknown(
          "the request was so long ago that GitHub may no longer list its delivery");
    }
    return question.isAccepted()
        ? question.unknown("GitHub accepted the redelivery, but lists no new delivery")
        : question.notSent("GitHub lists no new delivery of the event");
  }
}
