package dev.redrive.ledger.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the queues of accounts begin, as far as this process has seen: PostgreSQL's index keeps
 * what was claimed until the next vacuum, and each claim would read past all of it.
 */
final class Heads {
  /** The place before all others. */
  static final long FIRST = Long.MIN_VALUE;

  private record Queue(long run, int accountNo) {}

  private final Map<Queue, Long> places = new ConcurrentHashMap<>();

  /** The place from which on something may wait that a run was given. */
  long of(long run, int accountNo) {
    return places.getOrDefault(new Queue(run, accountNo), FIRST);
  }

  void moveTo(long place, long run, int accountNo) {
    places.put(new Queue(run, accountNo), place);
  }

  /** To be called when something joins the queue of an account, at whatever place. */
  void reset(int accountNo) {
    places.keySet().removeIf(queue -> queue.accountNo() == accountNo);
  }
}
