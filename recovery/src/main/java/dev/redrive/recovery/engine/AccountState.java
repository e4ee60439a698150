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

/** The state of one account's deliveries, shared by its sender, its verifier and the run. */
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

  /** Stops sending to this account. What was sent is still verified. */
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

  /** Reports that some deliveries are left, while the others go on. */
  void leaves(String what) {
    var problem = new RecoveryReport.Problem(account, what, null);
    synchronized (this) {
      left.add(problem);
      notifyAll();
    }
    listener.onProblem(problem);
  }

  /** Returns why it stopped or left deliveries; empty if neither. */
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

  /** Sets whether the canary is being sent. */
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

  /** Whether more may be sent. */
  synchronized boolean isSending() {
    return sending && problem == null;
  }

  synchronized void leftUnknown(long deliveries) {
    openUnknown += deliveries;
  }

  synchronized void queued(long deliveries) {
    queued += deliveries;
  }

  /** Sets how many deliveries are queued in the ledger; other runs may have queued some of them. */
  synchronized void queueHas(long deliveries) {
    queued = deliveries;
  }

  synchronized void claimed(int deliveries) {
    queued -= deliveries;
  }

  /** Called before claimed deliveries are sent. */
  synchronized void requestBegins() {
    underWay++;
  }

  synchronized void requested() {
    requests++;
  }

  /** Keeps the attempt that the response to a retry showed. */
  void shows(LedgerEntry entry, WebhookLog attempt) {
    shown.put(entry.id(), attempt);
  }

  /** Takes the attempt that the response to a retry showed; null if it showed none. */
  @Nullable WebhookLog takeShown(LedgerEntry entry) {
    return shown.remove(entry.id());
  }

  /** Counts the results of a request. Returns how many the provider accepted or may have. */
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

  /** Called after the results of a request are recorded. */
  synchronized void requestEnded() {
    underWay--;
    notifyAll();
  }

  /** Waits even if the run is stopping, because the results in flight must be recorded. */
  synchronized void awaitRequests() {
    while (underWay > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nothing interrupts this thread on purpose while it waits here.
      }
    }
  }

  /**
   * Counts an outcome. Call {@link #changed} afterwards.
   *
   * @param unknown whether the delivery was unknown rather than accepted
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
   * Sets how many unknown deliveries this run still has, because another run may have taken up some
   * of them. Returns false, without a change, if more was sent meanwhile or is in flight.
   *
   * @param unknown the number in the ledger
   * @param sentBefore the value of {@link #sent} before that number was read
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

  /** Whether an outcome may still put a delivery back into the queue. */
  synchronized boolean mayQueueMore() {
    return underWay > 0 || openUnknown > 0;
  }

  synchronized void senderWaits(boolean waits) {
    senderWaits = waits;
    if (waits) {
      notifyAll();
    }
  }

  /** Whether nothing can be sent until outcomes are read. */
  synchronized boolean waitsForOutcomes() {
    return senderWaits && underWay == 0;
  }

  /** Wakes up the threads that wait for a change. */
  synchronized void changed() {
    notifyAll();
  }

  /** Waits until a condition holds, but at most {@code most} by the machine's clock. */
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
