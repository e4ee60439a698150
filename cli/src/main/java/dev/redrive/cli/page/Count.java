package dev.redrive.cli.page;

/**
 * Counts failed deliveries by what became of them.
 *
 * @param good delivered since
 * @param bad not delivered: a person has to do something
 * @param open a run that is still active will send or check them
 */
public record Count(long good, long bad, long open) {
  public static final Count NOTHING = new Count(0, 0, 0);
  public static final Count GOOD = new Count(1, 0, 0);
  public static final Count BAD = new Count(0, 1, 0);
  public static final Count OPEN = new Count(0, 0, 1);

  public Count plus(Count other) {
    return new Count(good + other.good, bad + other.bad, open + other.open);
  }

  public long total() {
    return good + bad + open;
  }
}
