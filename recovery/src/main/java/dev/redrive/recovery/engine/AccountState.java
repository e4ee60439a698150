package dev.redrive.recovery.engine;

import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one account's deliveries stand: what its sender, its verifier and the run tell each other.
 */
final class AccountState {
  private final Account account;
  private final RecoveryListener listener;
  private RecoveryReport.@Nullable Problem problem;
  private final List<RecoveryReport.Problem> left = new ArrayList<>();
  private final Map<Long, WebhookLog> shown = new ConcurrentHashMap<>();
  private long queued;
  private long openUnknown;
  private long requests;
  private long sent;
  private long delivered;
  private long failedAgain;
  private long rejected;
  private int underWay;
  private boolean sending = true;
  private boolean senderWaits;
  private boolean trying;

  AccountState(Account account, RecoveryListener listener) {
    this.account = account;
    this.listener = listener;
  }

  Account account() {
    return account;
  }

  /** Nothing more is sent to this account; what was sent is still verified. */
  void stop(String what, @Nullable RedriveException error) {
    var stopped = new RecoveryReport.Problem(account, what, error);
    synchronized (this) {
      notifyAll();
      if (problem != null) {
        return;
      }
      problem = stopped;
    }
    listener.onProblem(stopped);
  }

  /** Something of this account is left, while the rest goes on. */
  void leaves(String what) {
    var problem = new RecoveryReport.Problem(account, what, null);
    synchronized (this) {
      left.add(problem);
      notifyAll();
    }
    listener.onProblem(problem);
  }

  /** Why it stopped, or left something; empty if neither. */
  synchronized List<RecoveryReport.Problem> problems() {
    var problems = new ArrayList<>(left);
    if (problem != null) {
      problems.add(problem);
    }
    return problems;
  }

  synchronized boolean isOpen() {
    return problem == null;
  }

  /** The first few are sent, to see whether they get through. */
  synchronized void tries(boolean first) {
    trying = first;
  }

  synchronized boolean isTrying() {
    return trying;
  }

  synchronized void begin() {
    sending = true;
  }

  synchronized void end() {
    sending = false;
    notifyAll();
  }

  synchronized boolean hasEnded() {
    return !sending;
  }

  /** More may be sent. */
  synchronized boolean isSending() {
    return sending && problem == null;
  }

  synchronized void leftUnknown(long deliveries) {
    openUnknown += deliveries;
  }

  synchronized void queued(long deliveries) {
    queued += deliveries;
  }

  /** Sets how many deliveries wait in the ledger; other runs may have put some of them there. */
  synchronized void queueHas(long deliveries) {
    queued = deliveries;
  }

  synchronized void claimed(int deliveries) {
    queued -= deliveries;
  }

  /** Claimed deliveries are about to be sent. */
  synchronized void requestBegins() {
    underWay++;
  }

  synchronized void requested() {
    requests++;
  }

  /** A response showed the attempt that a retry made. */
  void shows(LedgerEntry entry, WebhookLog attempt) {
    shown.put(entry.id(), attempt);
  }

  /** The attempt that the response to a retry showed, once; null if it showed none. */
  @Nullable WebhookLog takeShown(LedgerEntry entry) {
    return shown.remove(entry.id());
  }

  /** What came of a request; how many of its deliveries the provider took or may have taken. */
  synchronized int recorded(List<RetryResult> results) {
    int taken = 0;
    for (RetryResult result : results) {
      taken += result.needsOutcome() ? 1 : 0;
      switch (result.status()) {
        case REJECTED -> rejected++;
        case NOT_SENT -> queued++;
        case UNKNOWN -> openUnknown++;
        case ACCEPTED -> {}
      }
    }
    sent += taken;
    return taken;
  }

  /** What came of a request is recorded. */
  synchronized void requestEnded() {
    underWay--;
    notifyAll();
  }

  /** Waits even when the run is stopping: what is under way is to be recorded. */
  synchronized void awaitRequests() {
    while (underWay > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody knows this thread while it waits here.
      }
    }
  }

  /**
   * An outcome came in for a delivery that was {@code unknown} or accepted; see {@link #changed}.
   */
  synchronized void settled(RetryOutcome.Status outcome, boolean unknown) {
    switch (outcome) {
      case DELIVERED -> delivered++;
      case FAILED_AGAIN -> failedAgain++;
      case NOT_SENT -> queued++;
      case REJECTED -> rejected++;
      case PENDING, UNKNOWN -> {}
    }
    openUnknown -= unknown ? 1 : 0;
  }

  /**
   * Sets how many of the deliveries that may have been sent are open in this run's hands: another
   * run may have taken some of them up. False if more was sent meanwhile, or is under way.
   *
   * @param unknown as the ledger has it
   * @param sentBefore what {@link #sent} was before that was read
   */
  synchronized boolean openAre(long unknown, long sentBefore) {
    boolean isSure = sent == sentBefore && underWay == 0;
    openUnknown = isSure ? unknown : openUnknown;
    return isSure;
  }

  synchronized long queued() {
    return queued;
  }

  synchronized int underWay() {
    return underWay;
  }

  /** Reading may still put something back into the queue. */
  synchronized boolean mayQueueMore() {
    return underWay > 0 || openUnknown > 0;
  }

  synchronized void senderWaits(boolean waits) {
    senderWaits = waits;
    if (waits) {
      notifyAll();
    }
  }

  /** Nothing goes out until outcomes come in. */
  synchronized boolean waitsForOutcomes() {
    return senderWaits && underWay == 0;
  }

  /** Something changed that others may wait for. */
  synchronized void changed() {
    notifyAll();
  }

  /** Waits until something holds, no longer than {@code most} of the machine's time. */
  synchronized boolean await(BooleanSupplier ready, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    long left = most.toNanos();
    while (!ready.getAsBoolean() && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return ready.getAsBoolean();
  }

  synchronized long requests() {
    return requests;
  }

  synchronized long sent() {
    return sent;
  }

  synchronized long delivered() {
    return delivered;
  }

  synchronized long failedAgain() {
    return failedAgain;
  }

  synchronized long rejected() {
    return rejected;
  }
}
