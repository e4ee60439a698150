package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Retries that a provider has accepted and not delivered yet, first in, first out. */
final class RetryQueue {
  private final Deque<Job> jobs = new ArrayDeque<>();
  private long reads;
  private Duration delay;
  private int settlesAfterReads;

  private record Job(Runnable delivery, Instant due, long reads) {}

  RetryQueue(Duration delay, int settlesAfterReads) {
    this.delay = delay;
    this.settlesAfterReads = settlesAfterReads;
  }

  void delay(Duration value) {
    delay = value;
  }

  void settlesAfterReads(int count) {
    settlesAfterReads = count;
  }

  void add(Runnable delivery, Instant now) {
    jobs.add(new Job(delivery, now.plus(delay), reads));
  }

  /** Counts a read and delivers what this read no longer sees as queued. */
  void read(Instant now) {
    reads++;
    while (isNextDue(now) && reads > jobs.element().reads + settlesAfterReads) {
      run();
    }
  }

  /** Delivers what is due, unless reads must show it as queued first. */
  void settleDue(Instant now) {
    while (settlesAfterReads == 0 && isNextDue(now)) {
      run();
    }
  }

  void settleAll() {
    while (!jobs.isEmpty()) {
      run();
    }
  }

  private boolean isNextDue(Instant now) {
    return !jobs.isEmpty() && !jobs.element().due.isAfter(now);
  }

  private void run() {
    jobs.remove().delivery.run();
  }
}
