package dev.redrive.testkit;

/** Random numbers that decide what one seeded event is like; the same in each run. */
public final class Draws {
  private long next;

  Draws(long seed) {
    this.next = seed;
  }

  /** From 0 to {@code bound - 1}. */
  public int below(int bound) {
    return (int) Long.remainderUnsigned(Ids.mix(next++), bound);
  }
}
