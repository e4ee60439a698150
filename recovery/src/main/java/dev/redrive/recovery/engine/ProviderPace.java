package dev.redrive.recovery.engine;

import dev.redrive.PauseReason;
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
 * Keeps to the pace that an account's provider allows all runs: its documented limits, and the
 * pauses that it asks for.
 */
final class ProviderPace {
  /** The pause after a 429 that does not say how long to wait. */
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(30);

  /** Shorter pauses are part of a steady pace and are not reported. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

  /** How often to check whether another run was asked to pause. */
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

  /** Waits until provider and receiver allow the next request. Returns false if sending ends. */
  boolean awaitTurn(Scope route, Receiver receiver) {
    List<RateLimit> counting =
        limits.stream().filter(limit -> Dispatcher.counts(limit, route)).toList();
    while (state.isOpen() && !run.isStopping()) {
      Duration wait = receiver.takeTurn();
      if (!wait.isZero()) {
        pause(wait, PauseReason.RECEIVER_RATE, "the requested rate limit");
        continue;
      }
      // Last, so that the request is sent at the time at which the provider's limits count it.
      wait = take(counting);
      if (wait.isZero()) {
        return true;
      }
      pause(wait, PauseReason.RATE_LIMIT, "the provider's limits");
    }
    return false;
  }

  private Duration take(List<RateLimit> counting) {
    return counting.isEmpty() ? rest() : budgets().take(state.account(), counting);
  }

  private void pause(Duration wait, PauseReason reason, String why) {
    if (wait.compareTo(WORTH_TELLING) > 0) {
      listener.onPause(state.account(), wait, reason, why);
    }
    boolean unused = run.pause(wait);
  }

  /** Whether the provider must not be called now. */
  boolean rests() {
    return !rest().isZero();
  }

  /** Waits until the provider may be called again. Returns false if the run ends. */
  boolean awaitRest() {
    Duration rest = rest();
    return rest.isZero() ? !run.isStopping() : run.pause(rest);
  }

  /** Returns how long the provider must not be called, from the ledger or a recent look at it. */
  private synchronized Duration rest() {
    long now = time.nanoTime();
    if (now - lookAt >= 0) {
      restUntil = now + budgets().rest(state.account()).toNanos();
      lookAt = now + LOOK_EVERY.toNanos();
    }
    return Duration.ofNanos(Math.max(0, restUntil - now));
  }

  /** Records that the provider accepted a request. */
  void eased() {
    throttled.set(0);
  }

  /** Pauses as long as a 429 asks. Returns false if that is too long or happens too often. */
  boolean heed(RateLimitedException limited) {
    Duration asked = limited.retryAfter() == null ? USUAL_PAUSE : limited.retryAfter();
    if (asked.compareTo(settings.longestPause()) > 0
        || throttled.incrementAndGet() > MOST_THROTTLED_REQUESTS) {
      return false;
    }
    budgets().pause(state.account(), asked);
    look();
    listener.onPause(state.account(), asked, PauseReason.RATE_LIMIT, limited.waitReason());
    return true;
  }

  /** Makes the next call of {@link #rest} ask the ledger. */
  private synchronized void look() {
    lookAt = time.nanoTime();
  }

  private Budgets budgets() {
    return settings.ledger().budgets();
  }
}
