package dev.redrive.testkit;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an {@link Endpoint} answers, and when that changes. The fake's lock is held. */
final class EndpointAnswers {
  private static final int OK = 200;

  private final Clock clock;
  private final long seed;
  private final Map<Subscription, Integer> byWebhook = new HashMap<>();

  private int status = OK;
  private int laterStatus = OK;
  private long changesAfter = -1;
  private @Nullable Instant changesAt;
  private double flapProbability;
  private int flapStatus;

  EndpointAnswers(Clock clock, long seed) {
    this.clock = clock;
    this.seed = seed;
  }

  void set(int httpStatus) {
    status = httpStatus;
    changesAfter = -1;
    changesAt = null;
    flapProbability = 0;
  }

  void changeAfter(int deliveries, int httpStatus) {
    changesAfter = deliveries;
    changesAt = null;
    laterStatus = httpStatus;
  }

  void changeAt(Instant instant, int httpStatus) {
    changesAt = instant;
    changesAfter = -1;
    laterStatus = httpStatus;
  }

  /** Answers some deliveries with a status, and 200 to the others. */
  void flap(double probability, int httpStatus) {
    set(OK);
    flapProbability = probability;
    flapStatus = httpStatus;
  }

  void set(Subscription webhook, int httpStatus) {
    byWebhook.put(webhook, httpStatus);
  }

  /** The answer to one more delivery. */
  int next(ReceivedEvent event) {
    // The count of deliveries goes on even where a single answer is set.
    int general = general(event);
    Integer single = event.answer == null ? byWebhook.get(event.webhook) : event.answer;
    return single == null ? general : single;
  }

  private int general(ReceivedEvent event) {
    if (changesAt != null && !clock.instant().isBefore(changesAt)) {
      status = laterStatus;
      changesAt = null;
    }
    if (changesAfter == 0) {
      status = laterStatus;
      changesAfter = -1;
    } else if (changesAfter > 0) {
      changesAfter--;
    }
    return flapProbability > 0 && chance(event) < flapProbability ? flapStatus : status;
  }

  /** From 0 to 1, the same for the same attempt of the same event in whatever order they arrive. */
  private double chance(ReceivedEvent event) {
    long hash = Ids.mix(seed ^ Ids.mix(((long) event.number << 16) ^ event.attempts));
    return (hash >>> 11) * 0x1p-53;
  }
}
