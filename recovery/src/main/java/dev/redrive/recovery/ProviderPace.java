package dev.redrive.recovery;

import dev.redrive.RateLimit.Scope;
import dev.redrive.RateLimitedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** How fast one account's provider lets us go: by its documented limits, and by what it answers. */
final class ProviderPace {
  /** What a 429 that asks for no time is taken to ask for. */
  private static final Duration USUAL_PAUSE = Duration.ofSeconds(30);

  /** Shorter pauses are a part of any steady pace. */
  private static final Duration WORTH_TELLING = Duration.ofSeconds(10);

  private static final int MOST_THROTTLED_REQUESTS = 10;

  private final RunControl run;
  private final RecoveryListener listener;
  private final Duration longestPause;
  private final AccountState state;
  private final Pace pace;
  private final AtomicInteger throttled = new AtomicInteger();

  ProviderPace(
      RunControl run,
      RecoveryListener listener,
      RecoverySettings settings,
      AccountState state,
      Pace pace) {
    this.run = run;
    this.listener = listener;
    this.longestPause = settings.longestPause();
    this.state = state;
    this.pace = pace;
  }

  /** Waits until neither provider nor receiver limits the next request; false if sending ends. */
  boolean awaitTurn(Scope route, Receiver receiver) {
    return awaitTurn(() -> pace.take(route), "the provider's limits")
        && awaitTurn(() -> receiver.takeTurn(route), "the rate asked for");
  }

  private boolean awaitTurn(Supplier<Duration> take, String why) {
    while (state.isOpen() && !run.isStopping()) {
      Duration wait = take.get();
      if (wait.isZero()) {
        return true;
      }
      if (wait.compareTo(WORTH_TELLING) > 0) {
        listener.onPause(state.account(), wait, why);
      }
      boolean unused = run.pause(wait);
    }
    return false;
  }

  /** The provider is left alone for now. */
  boolean rests() {
    return !pace.rest().isZero();
  }

  /** Waits until the provider may be asked again; false if the run ends. */
  boolean awaitRest() {
    Duration rest = pace.rest();
    return rest.isZero() ? !run.isStopping() : run.pause(rest);
  }

  /** The provider took a request. */
  void eased() {
    throttled.set(0);
  }

  /** Rests for as long as a 429 asks; false if that is too long, or it never ends. */
  boolean heed(RateLimitedException limited) {
    Duration asked = limited.retryAfter() == null ? USUAL_PAUSE : limited.retryAfter();
    if (asked.compareTo(longestPause) > 0
        || throttled.incrementAndGet() > MOST_THROTTLED_REQUESTS) {
      return false;
    }
    pace.pause(asked);
    listener.onPause(state.account(), asked, limited.waitReason());
    return true;
  }
}
