package dev.redrive.recovery.engine;

import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * When it is worth asking for an outcome: when the provider must know it, and from then on ever
 * more rarely. Where it shows a failure sooner than a success, some are asked for soon after their
 * request: the first ones, and a few of all others, so that an endpoint that breaks down is
 * noticed; all of them once a success has been shown soon. Not safe to share between threads.
 */
final class Agenda {
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration MOST_WAIT = Duration.ofSeconds(10);

  /** So many that were asked for soon, all of them in vain, are enough. */
  private static final int ENOUGH_IN_VAIN = 20;

  /** From then on one in so many is asked for soon. */
  private static final int SAMPLE = 10;

  /** When a delivery is asked for next, and how long after the time before that is. */
  private record Next(Instant at, Duration pause) {}

  private final Duration least;
  private final Map<Long, Next> open = new HashMap<>();
  private int soonInVain;
  private boolean tellsSuccessSoon;

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

  /** How long after its request a delivery is asked for first, at the least. */
  Duration firstAfter() {
    return SOON.compareTo(least) < 0 ? SOON : least;
  }

  private boolean isAskedSoon(LedgerEntry entry) {
    return tellsSuccessSoon || soonInVain < ENOUGH_IN_VAIN || entry.id() % SAMPLE == 0;
  }

  private Next next(LedgerEntry entry) {
    Next next = open.get(entry.id());
    Duration after = isAskedSoon(entry) ? firstAfter() : least;
    return next == null ? new Next(requested(entry).plus(after), FIRST_WAIT) : next;
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

  /** It was asked for, and its fate is known. */
  void isSettled(LedgerEntry entry, boolean delivered, Instant now) {
    open.remove(entry.id());
    tellsSuccessSoon |= delivered && now.isBefore(requested(entry).plus(least));
  }
}
