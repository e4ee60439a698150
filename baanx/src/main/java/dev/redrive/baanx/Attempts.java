package dev.redrive.baanx;

import dev.redrive.DeliveryStatus;
import dev.redrive.WebhookLog;
import dev.redrive.http.ProviderHttp;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The attempts to deliver one event to one webhook, oldest first. */
record Attempts(List<WebhookLog> oldestFirst) {
  private static final Comparator<WebhookLog> BY_TIME =
      Comparator.comparing(
          WebhookLog::createdAt, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()));
  private static final Comparator<WebhookLog> BY_NUMBER =
      Comparator.comparing(
          WebhookLog::attemptNumber, Comparator.nullsFirst(Comparator.<Integer>naturalOrder()));

  /**
   * One event's attempts apart by webhook, its id in lower case; those that name no webhook are
   * left out.
   */
  static Map<String, Attempts> byWebhook(List<WebhookLog> attempts) {
    return attempts.stream()
        .filter(attempt -> attempt.webhookId() != null)
        .collect(
            Collectors.groupingBy(
                attempt -> ProviderHttp.canonicalId(Objects.requireNonNull(attempt.webhookId())),
                LinkedHashMap::new,
                Collectors.collectingAndThen(Collectors.toList(), Attempts::of)));
  }

  /** In the order of their times: whether a manual retry counts on from 6 is not documented. */
  static Attempts of(List<WebhookLog> attempts) {
    boolean timed = attempts.stream().allMatch(attempt -> attempt.createdAt() != null);
    return new Attempts(
        attempts.stream()
            .sorted(timed ? BY_TIME.thenComparing(BY_NUMBER) : BY_NUMBER.thenComparing(BY_TIME))
            .toList());
  }

  WebhookLog newest() {
    return oldestFirst.get(oldestFirst.size() - 1);
  }

  /** One that got through, if any did; else the newest. */
  WebhookLog deciding() {
    return oldestFirst.stream()
        .filter(log -> log.status() == DeliveryStatus.SUCCEEDED)
        .findFirst()
        .orElseGet(this::newest);
  }

  /** A later failure of a webhook that had the event before is no event missed. */
  boolean needRetry() {
    return newest().status() == DeliveryStatus.FAILED
        && oldestFirst.stream().noneMatch(log -> log.status() == DeliveryStatus.SUCCEEDED);
  }

  /** Whether nobody can tell what came of the newest one, which is what decides. */
  boolean isUnclear() {
    return newest().status() == DeliveryStatus.UNKNOWN
        && oldestFirst.stream().noneMatch(log -> log.status() == DeliveryStatus.SUCCEEDED);
  }

  /** Those made after one that is known, oldest first. */
  Attempts after(WebhookLog known) {
    return new Attempts(oldestFirst.stream().filter(attempt -> isAfter(attempt, known)).toList());
  }

  /** What the logs leave open counts as new, so that it never leads to a second delivery. */
  private static boolean isAfter(WebhookLog attempt, WebhookLog known) {
    if (attempt.logId().equalsIgnoreCase(known.logId())) {
      return attempt.status() != DeliveryStatus.FAILED;
    }
    Instant time = attempt.createdAt();
    Instant knownTime = known.createdAt();
    if (time != null && knownTime != null && !time.equals(knownTime)) {
      return time.isAfter(knownTime);
    }
    Integer number = attempt.attemptNumber();
    Integer knownNumber = known.attemptNumber();
    return number == null || knownNumber == null || number >= knownNumber;
  }
}
