package dev.redrive.recovery.engine;

import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Decides when to read the outcome of a delivery: first when the provider must know it, and then at
 * growing intervals.
 *
 * <p>If a provider shows failures sooner than successes, some outcomes are read soon after their
 * request, so that a broken endpoint is noticed: the first ones and a sample of the others. Once a
 * success was read that early, all outcomes are read early. Not thread-safe.
 */
final class Agenda {
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration MOST_WAIT = Duration.ofSeconds(10);

  /** After this many early reads that told nothing, only a sample is read early. */
  private static final int ENOUGH_IN_VAIN = 20;

  /** The sample is one delivery in this many. */
  private static final int SAMPLE = 10;

  /** When to read a delivery's outcome next, and the pause after that. */
  private record Next(Instant at, Duration pause) {}

  private final Duration least;
  private final Map<Long, Next> open = new HashMap<>();
  private int soonInVain;
  private boolean tellsSuccessSoon;

  /**
   * @param least {@link dev.redrive.ProviderTraits#leastOutcomeTime()}
   */
  Agenda(Duration least) {
    this.least = least;
  }

  boolean isDue(LedgerEntry entry, Instant now) {
    return !next(entry).at().isAfter(now);
  }

  /** Returns when the first of some deliveries is due; {@link Instant#MAX} if there are none. */
  Instant firstOf(Collection<LedgerEntry> entries) {
    Instant first = Instant.MAX;
    for (LedgerEntry entry : entries) {
      Instant at = next(entry).at();
      first = at.isBefore(first) ? at : first;
    }
    return first;
  }

  /** Returns the shortest time between a request and the first read of its outcome. */
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

  /** Records that a read left a delivery open. */
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

  /** Records that a read settled a delivery. */
  void isSettled(LedgerEntry entry, boolean delivered, Instant now) {
    open.remove(entry.id());
    tellsSuccessSoon |= delivered && now.isBefore(requested(entry).plus(least));
  }
}
