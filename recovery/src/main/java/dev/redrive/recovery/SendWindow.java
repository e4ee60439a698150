package dev.redrive.recovery;

/**
 * How many deliveries of an account may be out with their outcome unknown, for the receiver's sake:
 * one request's worth at first, twice as many whenever most of them turned out well, half when they
 * did not. It also bounds what can go wrong before the outcomes tell.
 */
final class SendWindow {
  private static final int USUAL_MOST = 2000;
  private static final int MOST_BATCHES = 4;

  private final long least;
  private final long most;
  private long allowed;
  private long out;
  private long goodSinceChange;

  SendWindow(int batchSize) {
    this.least = batchSize;
    this.most = Math.max(USUAL_MOST, (long) MOST_BATCHES * batchSize);
    this.allowed = least;
  }

  /** How many more may go out now; zero if none. */
  synchronized long room() {
    return Math.max(0, allowed - out);
  }

  synchronized void sent(long deliveries) {
    out += deliveries;
  }

  /**
   * Outcomes came in: of so many deliveries, of which some were delivered and some failed again.
   */
  synchronized void settled(long deliveries, long delivered, long failed) {
    out = Math.max(0, out - deliveries);
    if (failed > delivered) {
      allowed = Math.max(least, allowed / 2);
      goodSinceChange = 0;
      return;
    }
    goodSinceChange += delivered;
    if (goodSinceChange * 2 >= allowed) {
      allowed = Math.min(most, allowed * 2);
      goodSinceChange = 0;
    }
  }
}
