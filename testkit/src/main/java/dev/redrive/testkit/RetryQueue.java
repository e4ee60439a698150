package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Consumer;

/** Retries that a provider has accepted and not delivered yet, by the time when they are due. */
final class RetryQueue {
  private static final Comparator<Job> FIRST_DUE =
      Comparator.comparing(Job::due).thenComparing(Job::number);

  private final Queue<Job> jobs = new PriorityQueue<>(FIRST_DUE);
  private long added;
  private long reads;
  private Duration delay;
  private int settlesAfterReads;

  /**
   * @param reads the reads there had been; the delivery waits for some more
   */
  private record Job(Consumer<Instant> delivery, Instant due, long number, long reads) {}

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

  /** Adds a delivery, which is due after the delay and is told when it was due. */
  void add(Consumer<Instant> delivery, Instant now) {
    jobs.add(new Job(delivery, now.plus(delay), added++, reads));
  }

  /** Adds a delivery that is due at a time of its own, however often it is read before. */
  void addDue(Consumer<Instant> delivery, Instant due) {
    jobs.add(new Job(delivery, due, added++, Long.MIN_VALUE / 2));
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
    boolean waitedForReads = settlesAfterReads > 0 && job.reads >= 0;
    boolean wasDue = !waitedForReads && job.due.isBefore(now);
    job.delivery.accept(wasDue ? job.due : now);
  }
}
