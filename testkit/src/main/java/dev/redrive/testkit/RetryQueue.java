package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** Retries that a provider has accepted and not delivered yet, first in, first out. */
final class RetryQueue {
  private final Deque<Job> jobs = new ArrayDeque<>();
  private long reads;
  private Duration delay;
  private int settlesAfterReads;

  private record Job(Consumer<Instant> delivery, Instant due, long reads) {}

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

  void add(Consumer<Instant> delivery, Instant now) {
    jobs.add(new Job(delivery, now.plus(delay), reads));
  }

  /** Counts a read and delivers what this read no longer sees as queued. */
  void read(Instant now) {
    reads++;
    while (isNextDue(now) && reads > jobs.element().reads + settlesAfterReads) {
      run(now);
    }
  }

  /** Delivers what is due, unless reads must show it as queued first. */
  void settleDue(Instant now) {
    while (settlesAfterReads == 0 && isNextDue(now)) {
      run(now);
    }
  }

  void settleAll(Instant now) {
    while (!jobs.isEmpty()) {
      run(now);
    }
  }

  private boolean isNextDue(Instant now) {
    return !jobs.isEmpty() && !jobs.element().due.isAfter(now);
  }

  /** It is late only because nobody looked before, unless reads had to show it as queued. */
  private void run(Instant now) {
    Job job = jobs.remove();
    boolean wasDue = settlesAfterReads == 0 && job.due.isBefore(now);
    job.delivery.accept(wasDue ? job.due : now);
  }
}
