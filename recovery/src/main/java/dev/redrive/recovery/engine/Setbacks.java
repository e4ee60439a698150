package dev.redrive.recovery.engine;

import dev.redrive.AuthenticationException;
import dev.redrive.PauseReason;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.recovery.RecoveryListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Reacts to failed requests: sending slows down, rests or stops. */
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
   * @param patience how long to wait at once for requests in flight
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

  /** Whether no request may be sent now. */
  boolean holdUp() {
    return breaker.isOpen() || (breaker.isProbing() && state.underWay() > 0);
  }

  /** Rests after failed requests in a row; then lets one request at a time through. */
  boolean awaitRest() {
    while (state.isOpen() && !run.isStopping() && holdUp()) {
      if (state.underWay() > 0) {
        run.await(state, patience, () -> state.underWay() == 0 || !state.isOpen());
      } else {
        Duration rest = breaker.rest();
        listener.onPause(
            state.account(), rest, PauseReason.FAILED_REQUESTS, "several requests in a row failed");
        run.pause(rest);
      }
    }
    return state.isOpen() && !run.isStopping();
  }

  /** Slows down or stops if a request failed in a way in which the next one would fail, too. */
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
      // Some deliveries may be rejected in a row. But a wrong setting makes the provider reject
      // all of them.
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
              + ". What may have been sent will be verified; run again to send the rest",
          error);
    }
  }
}
