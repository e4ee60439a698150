package dev.redrive.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * When it is worth asking for an outcome: once soon after the request, unless that has been in vain
 * so far, then when the provider must know it, and from then on ever more rarely. Not safe to share
 * between threads.
 */
final class Agenda {
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration MOST_WAIT = Duration.ofSeconds(10);

  /** So many that were asked for soon, all of them in vain, are enough. */
  private static final int ENOUGH_IN_VAIN = 20;

  /** When a delivery is asked for next, and how long after the time before that is. */
  private record Next(Instant at, Duration pause) {}

  private final Duration least;
  private final Map<Long, Next> open = new HashMap<>();
  private int soonInVain;
  private boolean anyToldSoon;

  /**
   * @param least how long the provider may take to tell an outcome that it does not show by itself
   */
  Agenda(Duration least) {
    this.least = least;
  }

  boolean isDue(LedgerEntry entry, Instant now) {
    return !next(entry).at().isAfter(now);
  }

  /** When the first of some deliveries is due; the end of time if there are none. */
  Instant firstOf(Collection<LedgerEntry> entries) {
    Instant first = Instant.MAX;
    for (LedgerEntry entry : entries) {
      Instant at = next(entry).at();
      first = at.isBefore(first) ? at : first;
    }
    return first;
  }

  /** How long after its request a delivery is asked for first. */
  Duration firstAfter() {
    boolean isWorthIt = anyToldSoon || soonInVain < ENOUGH_IN_VAIN;
    return isWorthIt && SOON.compareTo(least) < 0 ? SOON : least;
  }

  private Next next(LedgerEntry entry) {
    Next next = open.get(entry.id());
    return next == null ? new Next(requested(entry).plus(firstAfter()), FIRST_WAIT) : next;
  }

  private static Instant requested(LedgerEntry entry) {
    return Objects.requireNonNull(entry.requestedAt());
  }

  /** It was asked for, and is still open. */
  void isStillOpen(LedgerEntry entry, Instant now) {
    Instant known = requested(entry).plus(least);
    if (now.isBefore(known)) {
      soonInVain++;
      open.put(entry.id(), new Next(known, FIRST_WAIT));
      return;
    }
    Duration pause = next(entry).pause();
    Duration doubled = pause.multipliedBy(2);
    open.put(
        entry.id(),
        new Next(now.plus(pause), doubled.compareTo(MOST_WAIT) < 0 ? doubled : MOST_WAIT));
  }

  void isSettled(LedgerEntry entry, Instant now) {
    open.remove(entry.id());
    anyToldSoon |= now.isBefore(requested(entry).plus(least));
  }
}
