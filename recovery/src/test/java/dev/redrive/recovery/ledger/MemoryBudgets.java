package dev.redrive.recovery.ledger;

import dev.redrive.RateLimit;
import dev.redrive.RateLimit.Scope;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The budgets of all runs of one process, by a clock that only goes forward. */
final class MemoryBudgets implements Budgets {
  private final TimeSource time;
  private final Map<Account, Used> accounts = new HashMap<>();
  private ReceiverRate rate = ReceiverRate.UNUSED;

  MemoryBudgets(TimeSource time) {
    this.time = time;
  }

  @Override
  public synchronized Duration take(Account account, List<RateLimit> limits) {
    Instant now = now();
    Used used = used(account);
    Duration wait = left(used.notBefore, now);
    for (RateLimit limit : limits) {
      wait = longer(wait, left(used.freeAt(limit), now));
    }
    if (wait.isZero()) {
      used.add(limits, now);
    }
    return wait;
  }

  @Override
  public synchronized void pause(Account account, Duration wait) {
    Used used = used(account);
    Instant until = now().plus(wait);
    used.notBefore = until.isAfter(used.notBefore) ? until : used.notBefore;
  }

  @Override
  public synchronized Duration rest(Account account) {
    return left(used(account).notBefore, now());
  }

  @Override
  public synchronized Turns takeTurns(Duration interval) {
    ReceiverRate.Taken taken = rate.take(now(), interval);
    rate = taken.after();
    return taken.turns();
  }

  private Used used(Account account) {
    return accounts.computeIfAbsent(account, a -> new Used());
  }

  private Instant now() {
    return Instant.EPOCH.plusNanos(time.nanoTime());
  }

  private static Duration left(Instant until, Instant now) {
    return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  /** What was used of one account. */
  private static final class Used {
    private final Map<Scope, List<Instant>> times = new EnumMap<>(Scope.class);
    private Instant notBefore = Instant.MIN;

    List<Instant> times(Scope scope) {
      return times.computeIfAbsent(scope, s -> new ArrayList<>());
    }

    /** When a limit allows one more request. */
    Instant freeAt(RateLimit limit) {
      List<Instant> taken = times(limit.scope());
      int nth = taken.size() - limit.requests();
      return nth < 0 ? Instant.MIN : taken.get(nth).plus(limit.window());
    }

    /** Counts a request, and forgets those that no window of its scope reaches any more. */
    void add(List<RateLimit> limits, Instant now) {
      Map<Scope, Duration> windows = new EnumMap<>(Scope.class);
      limits.forEach(l -> windows.merge(l.scope(), l.window(), MemoryBudgets::longer));
      windows.forEach(
          (scope, window) -> {
            List<Instant> taken = times(scope);
            while (!taken.isEmpty() && !taken.get(0).plus(window).isAfter(now)) {
              taken.remove(0);
            }
            taken.add(now);
          });
    }
  }
}
