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
   * Groups the attempts of one event by the id of their webhook, in lower case. Attempts without a
   * webhook are left out.
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

  /**
   * Sorts attempts by time rather than by number: it is not documented which number a manual retry
   * gets.
   */
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

  /** Returns a successful attempt if there is one, or else the newest attempt. */
  WebhookLog deciding() {
    return oldestFirst.stream()
        .filter(log -> log.status() == DeliveryStatus.SUCCEEDED)
        .findFirst()
        .orElseGet(this::newest);
  }

  /** Whether the event was never delivered and its newest attempt failed. */
  boolean needRetry() {
    return newest().status() == DeliveryStatus.FAILED
        && oldestFirst.stream().noneMatch(log -> log.status() == DeliveryStatus.SUCCEEDED);
  }

  /** Whether the result of the newest attempt is unknown and no attempt succeeded. */
  boolean isUnclear() {
    return newest().status() == DeliveryStatus.UNKNOWN
        && oldestFirst.stream().noneMatch(log -> log.status() == DeliveryStatus.SUCCEEDED);
  }

  /** Returns the attempts after a known one, oldest first. */
  Attempts after(WebhookLog known) {
    return new Attempts(oldestFirst.stream().filter(attempt -> isAfter(attempt, known)).toList());
  }

  /** An attempt counts as new if the logs do not tell, so that nothing is delivered twice. */
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
