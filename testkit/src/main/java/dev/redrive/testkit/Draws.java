package dev.redrive.testkit;

/** Random numbers for the properties of a seeded event. They are the same in each run. */
public final class Draws {
  private long next;

  Draws(long seed) {
    this.next = seed;
  }

  /** Returns a number from 0 to {@code bound - 1}. */
  public int below(int bound) {
    return (int) Long.remainderUnsigned(Ids.mix(next++), bound);
  }
}
