package dev.redrive.recovery.engine;

import dev.redrive.TimeSource;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryProgress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reports the progress of a run to the listener. */
final class RunProgress {
  private final RecoveryListener listener;
  private final TimeSource time;
  private final List<Part> parts = new CopyOnWriteArrayList<>();
  private volatile Phase phase = Phase.SETTLING;
  private volatile long sendingSince;

  /** The part of a run that is for one account. */
  private record Part(AccountState state, Tally tally) {}

  RunProgress(RecoveryListener listener, TimeSource time) {
    this.listener = listener;
    this.time = time;
  }

  void add(AccountState state, Tally tally) {
    parts.add(new Part(state, tally));
  }

  void enter(Phase next) {
    phase = next;
    listener.onPhase(next);
    report();
  }

  /** Starts to measure the speed. */
  void sendingBegins() {
    sendingSince = time.nanoTime();
  }

  /**
   * Updates the phase of the run: the earliest phase of all accounts that are sending; verifying if
   * no account is sending.
   */
  synchronized void accountChanged() {
    boolean anyTries = parts.stream().anyMatch(part -> part.state().isTrying());
    boolean anySends = parts.stream().anyMatch(part -> part.state().isSending());
    Phase now = anyTries ? Phase.CANARY : anySends ? Phase.SENDING : Phase.VERIFYING;
    if (phase != now) {
      enter(now);
    }
  }

  void report() {
    long found = 0;
    long total = 0;
    long sent = 0;
    long delivered = 0;
    long failedAgain = 0;
    long rejected = 0;
    for (Part part : parts) {
      AccountState state = part.state();
      found += part.tally().found();
      total += part.tally().toHandle();
      sent += Math.min(part.tally().toHandle(), state.sent() + part.tally().takenUp());
      delivered += state.delivered();
      failedAgain += state.failedAgain();
      rejected += state.rejected();
    }
    long done = delivered + failedAgain + rejected;
    double seconds = sendingSince == 0 ? 0 : (time.nanoTime() - sendingSince) / 1e9;
    double perSecond = seconds > 0 ? done / seconds : 0;
    Duration left =
        perSecond > 0 ? Duration.ofMillis((long) ((total - done) / perSecond * 1000)) : null;
    listener.onProgress(
        new RecoveryProgress(
            phase, found, total, sent, done, delivered, failedAgain, rejected, perSecond, left));
  }
}
