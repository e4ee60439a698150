package dev.redrive.recovery.ledger;

import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The windows of a ledger in memory. */
final class MemoryCatchUps implements CatchUps {
  private record Name(Account account, String name) {}

  private record Stored(
      Instant from, Instant completeUntil, @Nullable String run, @Nullable Instant takenAt) {
    boolean isUnusedSince(Instant time) {
      return completeUntil.isBefore(time) && (takenAt == null || takenAt.isBefore(time));
    }
  }

  private record Rest(int failures, Instant until) {}

  private final Map<Name, Stored> windows = new LinkedHashMap<>();
  private final Map<Name, Rest> rests = new HashMap<>();
  private final Collection<MemoryDelivery> deliveries;
  private final MemoryRuns runs;
  private final TimeSource time;

  MemoryCatchUps(Collection<MemoryDelivery> deliveries, MemoryRuns runs, TimeSource time) {
    this.deliveries = deliveries;
    this.runs = runs;
    this.time = time;
  }

  @Override
  public synchronized Optional<Turn> begin(
      Account account, String name, String run, @Nullable Instant from, Duration silence) {
    Instant now = time.now();
    var key = new Name(account, name);
    Instant first = from == null ? now : from;
    Stored stored = windows.getOrDefault(key, new Stored(first, first, null, null));
    if (stored.run() != null) {
      if (isAlive(stored, silence, now)) {
        return Optional.empty();
      }
      if (runs.hasBegun(stored.run())) {
        boolean unused = runs.stop(stored.run());
      }
    }
    windows.put(key, new Stored(stored.from(), stored.completeUntil(), run, now));
    return Optional.of(
        new Turn(
            account, name, run, now, stored.from(), stored.completeUntil(), oldestDue(account)));
  }

  private boolean isAlive(Stored stored, Duration silence, Instant now) {
    return runs.hasBegun(stored.run())
        ? runs.isAlive(stored.run(), silence)
        : Objects.requireNonNull(stored.takenAt()).isAfter(now.minus(silence));
  }

  private @Nullable Instant oldestDue(Account account) {
    return deliveries.stream()
        .map(MemoryDelivery::entry)
        .filter(entry -> entry.account().equals(account))
        .filter(entry -> entry.dueAgainAt() != null && !entry.dueAgainAt().isAfter(time.now()))
        .flatMap(entry -> Stream.of(entry.first().at(), entry.delivery().latest().createdAt()))
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }

  @Override
  public synchronized boolean end(Turn turn, @Nullable Instant completeUntil) {
    var key = new Name(turn.account(), turn.name());
    Stored stored = windows.get(key);
    if (stored == null || !turn.run().equals(stored.run())) {
      return false;
    }
    Instant until = completeUntil == null ? stored.completeUntil() : completeUntil;
    windows.put(key, new Stored(stored.from(), until, null, stored.takenAt()));
    return true;
  }

  /** See {@link LedgerAdmin#purge}. */
  synchronized long forget(Account account, Instant before) {
    int known = windows.size();
    windows
        .entrySet()
        .removeIf(
            entry ->
                entry.getKey().account().equals(account)
                    && entry.getValue().isUnusedSince(before)
                    && (entry.getValue().run() == null
                        || !isAlive(entry.getValue(), LedgerRun.LONGEST_SILENCE, time.now())));
    return known - windows.size();
  }

  @Override
  public synchronized List<Window> windows() {
    return windows.entrySet().stream()
        .map(
            entry ->
                new Window(
                    entry.getKey().account(),
                    entry.getKey().name(),
                    entry.getValue().completeUntil(),
                    Duration.between(entry.getValue().completeUntil(), time.now()),
                    entry.getValue().run()))
        .toList();
  }

  @Override
  public synchronized void broken(Account account, String webhook) {
    var key = new Name(account, webhook);
    int failures = rests.containsKey(key) ? rests.get(key).failures() + 1 : 1;
    rests.put(key, new Rest(failures, time.now().plus(CatchUps.rest(failures))));
  }

  @Override
  public synchronized void works(Account account, String webhook) {
    rests.remove(new Name(account, webhook));
  }

  @Override
  public synchronized Map<String, Duration> resting(Account account) {
    Map<String, Duration> resting = new HashMap<>();
    rests.forEach(
        (key, rest) -> {
          if (key.account().equals(account) && rest.until().isAfter(time.now())) {
            resting.put(key.name(), Duration.between(time.now(), rest.until()));
          }
        });
    return resting;
  }
}
