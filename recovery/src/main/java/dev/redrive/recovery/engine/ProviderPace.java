package dev.redrive.recovery.engine;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.RateLimitedException;
import dev.redrive.TimeSource;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.Budgets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How fast one account's provider lets all runs go: by its documented limits, and by what it
 * answers.
 */
final class ProviderPace {
  /** What a 429 that asks for no time is taken to ask for. */
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(30);

  /** Shorter pauses are a part of any steady pace. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

  /** How often it is looked whether another run was asked to pause. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private static final int MOST_THROTTLED_REQUESTS = 10;

  private final RunControl run;
  private final RecoveryListener listener;
  private final RecoverySettings settings;
  private final TimeSource time;
  private final AccountState state;
  private final List<RateLimit> limits;
  private final AtomicInteger throttled = new AtomicInteger();
  private long lookAt;
  private long restUntil;

  ProviderPace(
      RunControl run,
      RecoveryListener listener,
      RecoverySettings settings,
      AccountState state,
      List<RateLimit> limits) {
    this.run = run;
    this.listener = listener;
    this.settings = settings;
    this.time = settings.time();
    this.state = state;
    this.limits = limits;
    this.lookAt = time.nanoTime();
  }

  /** Waits until neither provider nor receiver limits the next request; false if sending ends. */
  boolean awaitTurn(Scope route, Receiver receiver) {
    List<RateLimit> counting =
        limits.stream().filter(limit -> Dispatcher.counts(limit, route)).toList();
    while (state.isOpen() && !run.isStopping()) {
      Duration wait = receiver.takeTurn();
      if (!wait.isZero()) {
        pause(wait, "the rate asked for");
        continue;
      }
      // Last, so that the request leaves at the time that the provider's limits count.
      wait = take(counting);
      if (wait.isZero()) {
        return true;
      }
      pause(wait, "the provider's limits");
    }
    return false;
  }

  private Duration take(List<RateLimit> counting) {
    return counting.isEmpty() ? rest() : budgets().take(state.account(), counting);
  }

  private void pause(Duration wait, String why) {
    if (wait.compareTo(WORTH_TELLING) > 0) {
      listener.onPause(state.account(), wait, why);
    }
    boolean unused = run.pause(wait);
  }

  /** The provider is left alone for now. */
  boolean rests() {
    return !rest().isZero();
  }

  /** Waits until the provider may be asked again; false if the run ends. */
  boolean awaitRest() {
    Duration rest = rest();
    return rest.isZero() ? !run.isStopping() : run.pause(rest);
  }

  /** How long the provider is left alone, as far as the ledger knew a moment ago. */
  private synchronized Duration rest() {
    long now = time.nanoTime();
    if (now - lookAt >= 0) {
      restUntil = now + budgets().rest(state.account()).toNanos();
      lookAt = now + LOOK_EVERY.toNanos();
    }
    return Duration.ofNanos(Math.max(0, restUntil - now));
  }

  /** The provider took a request. */
  void eased() {
    throttled.set(0);
  }

  /** Rests for as long as a 429 asks; false if that is too long, or it never ends. */
  boolean heed(RateLimitedException limited) {
    Duration asked = limited.retryAfter() == null ? USUAL_PAUSE : limited.retryAfter();
    if (asked.compareTo(settings.longestPause()) > 0
        || throttled.incrementAndGet() > MOST_THROTTLED_REQUESTS) {
      return false;
    }
    budgets().pause(state.account(), asked);
    look();
    listener.onPause(state.account(), asked, limited.waitReason());
    return true;
  }

  /** Asks the ledger when the next one wants to know. */
  private synchronized void look() {
    lookAt = time.nanoTime();
  }

  private Budgets budgets() {
    return settings.ledger().budgets();
  }
}
