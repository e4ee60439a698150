package dev.redrive;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Implements one call of {@link WebhookRetryClient#awaitOutcomes}. */
final class OutcomeWait {
  /** Providers need a moment to record a new attempt. */
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final WebhookRetryClient client;
  private final TimeSource time;
  private final ProviderTraits traits;
  private final List<RetryResult> results;
  private final List<RetryOutcome> outcomes;
  private final Duration most;
  private final long begun;

  OutcomeWait(WebhookRetryClient client, List<RetryResult> results, Duration most) {
    this.client = client;
    this.time = client.timeSource();
    this.traits = client.traits();
    this.results = List.copyOf(results);
    this.outcomes = new ArrayList<>(results.size());
    this.most = most;
    this.begun = time.nanoTime();
  }

  List<RetryOutcome> run() {
    Duration pause = FIRST_PAUSE;
    sleep(min(untilFirstLook(), left()));
    while (true) {
      Duration atLeast = look();
      Duration left = left();
      if (atLeast.isNegative() || left.isZero()) {
        return List.copyOf(outcomes);
      }
      sleep(min(max(pause, atLeast), left));
      pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  /** Returns how long to wait before the first read; zero if no request was sent. */
  private Duration untilFirstLook() {
    return results.stream()
        .filter(RetryResult::needsOutcome)
        .map(result -> until(result, FIRST_PAUSE))
        .reduce(Duration.ZERO, OutcomeWait::max);
  }

  /**
   * Reads the open outcomes. Returns the time until the next read can tell anything new; negative
   * if all outcomes are settled.
   *
   * @throws RedriveException if the read failed and cannot be repeated in the time left
   */
  private Duration look() {
    try {
      ask();
    } catch (RedriveException e) {
      Duration pause = pauseAfter(e);
      if (!e.retryable() || pause.compareTo(left()) >= 0) {
        throw e;
      }
      return pause;
    }
    return outcomes.stream()
        .filter(this::isOpen)
        .map(outcome -> until(outcome.result(), traits.leastOutcomeTime()))
        .reduce(OutcomeWait::min)
        .orElse(Duration.ofNanos(-1));
  }

  private static Duration pauseAfter(RedriveException e) {
    Duration asked = e instanceof RateLimitedException limited ? limited.retryAfter() : null;
    return Objects.requireNonNullElse(asked, Duration.ZERO);
  }

  /**
   * Reads the open outcomes. If one of them has a lost response, reads all outcomes: otherwise the
   * log of one retry could be taken as evidence for another.
   */
  private void ask() {
    if (outcomes.isEmpty() || outcomes.stream().anyMatch(this::needsEvidence)) {
      List<RetryOutcome> told = client.outcomes(results);
      outcomes.clear();
      outcomes.addAll(told);
      return;
    }
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (isOpen(outcomes.get(i))) {
        open.add(i);
      }
    }
    List<RetryOutcome> told = client.outcomes(open.stream().map(results::get).toList());
    for (int i = 0; i < open.size(); i++) {
      outcomes.set(open.get(i), told.get(i));
    }
  }

  private boolean needsEvidence(RetryOutcome outcome) {
    return isOpen(outcome) && outcome.result().status() == RetryResult.Status.UNKNOWN;
  }

  /** An unknown outcome may still be settled while the provider may still record the attempt. */
  private boolean isOpen(RetryOutcome outcome) {
    return switch (outcome.status()) {
      case PENDING -> true;
      case UNKNOWN -> until(outcome.result(), traits.settleTime()).compareTo(Duration.ZERO) > 0;
      case DELIVERED, FAILED_AGAIN, REJECTED, NOT_SENT -> false;
    };
  }

  /** The time until a request is as old as {@code age}; at most {@code age}. */
  private Duration until(RetryResult result, Duration age) {
    Instant at = result.requestedAt().plus(age);
    return max(Duration.ZERO, min(Duration.between(time.now(), at), age));
  }

  private Duration left() {
    return max(Duration.ZERO, most.minusNanos(time.nanoTime() - begun));
  }

  private void sleep(Duration duration) {
    try {
      if (!duration.isZero()) {
        time.sleep(duration);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationInterruptedException(traits.displayName(), "await outcomes");
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
