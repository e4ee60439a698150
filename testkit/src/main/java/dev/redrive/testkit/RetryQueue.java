package dev.redrive.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Retries that a provider has taken on and not delivered yet, first in, first out. */
final class RetryQueue {
  private final Deque<Job> jobs = new ArrayDeque<>();
  private final Deliverer deliverer;
  private long reads;
  private Duration delay;
  private int settlesAfterReads;

  RetryQueue(Deliverer deliverer, Duration delay, int settlesAfterReads) {
    this.deliverer = deliverer;
    this.delay = delay;
    this.settlesAfterReads = settlesAfterReads;
  }

  void delay(Duration value) {
    delay = value;
  }

  void settlesAfterReads(int count) {
    settlesAfterReads = count;
  }

  void add(int row, int target, long now) {
    jobs.add(new Job(row, target, now + delay.toMillis(), reads));
  }

  /** Counts a read and delivers what this read no longer sees as queued. */
  void read(long now) {
    reads++;
    while (!jobs.isEmpty()
        && jobs.element().due <= now
        && reads > jobs.element().reads + settlesAfterReads) {
      run();
    }
  }

  /** Delivers what is due, unless reads have to see it queued first. */
  void settleDue(long now) {
    while (settlesAfterReads == 0 && !jobs.isEmpty() && jobs.element().due <= now) {
      run();
    }
  }

  void settleAll() {
    while (!jobs.isEmpty()) {
      run();
    }
  }

  private void run() {
    Job job = jobs.remove();
    deliverer.deliver(job.row, job.target);
  }

  /** Makes the delivery. */
  interface Deliverer {
    void deliver(int row, int target);
  }

  private record Job(int row, int target, long due, long reads) {}
}
