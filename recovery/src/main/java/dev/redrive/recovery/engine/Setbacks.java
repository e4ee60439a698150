package dev.redrive.recovery.engine;

import dev.redrive.AuthenticationException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.recovery.RecoveryListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What failed requests do to the sending: it slows down, rests, or stops. */
final class Setbacks {
  private static final int MOST_REJECTED_REQUESTS = 50;

  private final RunControl run;
  private final RecoveryListener listener;
  private final AccountState state;
  private final ProviderPace pace;
  private final Duration patience;
  private final AtomicInteger rejectedRequests = new AtomicInteger();
  private final Breaker breaker = new Breaker();

  /**
   * @param patience how long requests that are under way are waited for at a time
   */
  Setbacks(
      RunControl run,
      RecoveryListener listener,
      AccountState state,
      ProviderPace pace,
      Duration patience) {
    this.run = run;
    this.listener = listener;
    this.state = state;
    this.pace = pace;
    this.patience = patience;
  }

  /** No request may go out now. */
  boolean holdUp() {
    return breaker.isOpen() || (breaker.isProbing() && state.underWay() > 0);
  }

  /** Rests after requests that failed in a row, then lets one through at a time. */
  boolean awaitRest() {
    while (state.isOpen() && !run.isStopping() && holdUp()) {
      if (state.underWay() > 0) {
        run.await(state, patience, () -> state.underWay() == 0 || !state.isOpen());
      } else {
        Duration rest = breaker.rest();
        listener.onPause(state.account(), rest, "requests fail in a row");
        run.pause(rest);
      }
    }
    return state.isOpen() && !run.isStopping();
  }

  /** Slows down or stops when a request failed in a way that the next one would too. */
  void heed(List<RetryResult> results) {
    RedriveException error =
        results.stream().map(RetryResult::error).filter(e -> e != null).findFirst().orElse(null);
    if (error == null
        || results.stream().anyMatch(r -> r.status() == RetryResult.Status.ACCEPTED)) {
      rejectedRequests.set(0);
      breaker.succeeded();
      pace.eased();
    }
    if (error == null || run.isStopping()) {
      return;
    }
    if (error instanceof AuthenticationException) {
      state.stop(error.summary() + ". " + error.advice(), error);
    } else if (error instanceof RateLimitedException limited) {
      if (!pace.heed(limited)) {
        state.stop(error.summary() + ". " + error.advice(), error);
      }
    } else if (results.stream().anyMatch(r -> r.status() == RetryResult.Status.REJECTED)) {
      // Single deliveries may well be rejected in a row; a provider that cannot be used says no to
      // all.
      stopUnless(rejectedRequests.incrementAndGet() < MOST_REJECTED_REQUESTS, error);
    } else {
      stopUnless(breaker.failed(), error);
    }
  }

  private void stopUnless(boolean bearable, RedriveException error) {
    if (!bearable) {
      state.stop(
          Math.max(rejectedRequests.get(), breaker.failedInARow())
              + " requests in a row failed, the last: "
              + error.summary()
              + ". What may have been sent is settled by reading; run again for the rest",
          error);
    }
  }
}
