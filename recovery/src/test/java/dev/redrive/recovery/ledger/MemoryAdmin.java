package dev.redrive.recovery.ledger;

import dev.redrive.DeliveryKey;
import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks into a ledger in memory, and corrects it, under the ledger's own lock. */
final class MemoryAdmin implements LedgerAdmin {
  private final Object lock;
  private final NavigableMap<Long, MemoryDelivery> deliveries;
  private final Map<List<String>, MemoryAccount> accounts;
  private final MemoryRuns runs;
  private final MemoryCatchUps catchUps;
  private final TimeSource time;

  MemoryAdmin(
      Object lock,
      NavigableMap<Long, MemoryDelivery> deliveries,
      Map<List<String>, MemoryAccount> accounts,
      MemoryRuns runs,
      MemoryCatchUps catchUps,
      TimeSource time) {
    this.lock = lock;
    this.deliveries = deliveries;
    this.accounts = accounts;
    this.runs = runs;
    this.catchUps = catchUps;
    this.time = time;
  }

  /** A delivery, and those whose ids are unique among its own. */
  private record Known(MemoryAccount account, MemoryDelivery delivery) {}

  private @Nullable Known known(DeliveryKey key) {
    return Stream.of(List.of(key.provider()), List.of(key.provider(), key.account()))
        .map(accounts::get)
        .filter(Objects::nonNull)
        .flatMap(account -> account.withId(key.id()).map(found -> new Known(account, found)))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Optional<History> find(DeliveryKey key) {
    synchronized (lock) {
      Known known = known(key);
      return known == null
          ? Optional.empty()
          : Optional.of(
              new History(
                  known.delivery().entry(),
                  runs.latest().stream()
                      .filter(run -> known.delivery().isGivenTo(run.id()))
                      .toList(),
                  known.delivery().retries()));
    }
  }

  @Override
  public Map<Long, List<LedgerRetry>> retries(List<LedgerEntry> entries) {
    synchronized (lock) {
      return entries.stream()
          .map(entry -> deliveries.get(entry.id()))
          .filter(delivery -> delivery != null && !delivery.retries().isEmpty())
          .collect(Collectors.toMap(delivery -> delivery.entry().id(), MemoryDelivery::retries));
    }
  }

  @Override
  public Result resolve(DeliveryKey key, Resolution resolution) {
    synchronized (lock) {
      Known known = known(key);
      if (known == null) {
        return Result.NOT_FOUND;
      }
      MemoryDelivery delivery = known.delivery();
      if (delivery.entry().isUnderWay()) {
        return Result.UNDER_WAY;
      }
      known.account().remove(delivery);
      switch (resolution) {
        case DELIVERED -> delivery.resolve(time.now());
        case SEND_AGAIN -> delivery.sendAgain();
      }
      known.account().add(delivery);
      return Result.DONE;
    }
  }

  @Override
  public Purged purge(Account account, Instant before, Duration retention) {
    synchronized (lock) {
      LedgerAdmin.requireUnlisted(account, before, retention, time.now());
      List<String> living =
          runs.latest().stream().filter(LedgerRun::isAlive).map(LedgerRun::id).toList();
      var old = new ArrayList<MemoryDelivery>();
      for (MemoryDelivery delivery : deliveries.values()) {
        if (delivery.isOf(account)
            && delivery.isSettledBefore(before)
            && delivery.entry().id() < deliveries.lastKey()
            && (delivery.owner() == null || !runs.isSeenSince(delivery.owner(), before))
            && living.stream().noneMatch(delivery::isGivenTo)) {
          old.add(delivery);
        }
      }
      for (MemoryDelivery delivery : old) {
        deliveries.remove(delivery.entry().id());
        accounts.values().forEach(of -> of.forget(delivery));
      }
      // First, while it is known which runs are alive.
      long windows = catchUps.forget(account, before);
      return new Purged(
          old.size(),
          runs.forget(
              account,
              before,
              run -> deliveries.values().stream().noneMatch(left -> left.isGivenTo(run))),
          windows);
    }
  }

  @Override
  public long expiring(Account account, Duration retention) {
    synchronized (lock) {
      Instant until = time.now().minus(LedgerAdmin.expiresSoonAt(retention));
      Instant from = time.now().minus(retention);
      return deliveries.values().stream()
          .map(MemoryDelivery::entry)
          .filter(entry -> entry.account().equals(account))
          .filter(entry -> entry.state() != DeliveryState.DELIVERED)
          .map(entry -> entry.delivery().latest().createdAt())
          .filter(at -> at != null && !at.isBefore(from) && at.isBefore(until))
          .count();
    }
  }

  @Override
  public Contents contents() {
    synchronized (lock) {
      List<LedgerRun> all = runs.latest();
      return new Contents(
          "in memory",
          0,
          null,
          deliveries.values().stream()
              .map(MemoryDelivery::entry)
              .collect(
                  Collectors.groupingBy(
                      LedgerEntry::account,
                      Collectors.groupingBy(LedgerEntry::state, Collectors.counting()))),
          all.size(),
          all.isEmpty() ? null : all.get(all.size() - 1).startedAt());
    }
  }

  @Override
  public boolean stop(String run) {
    synchronized (lock) {
      return runs.stop(run);
    }
  }
}
