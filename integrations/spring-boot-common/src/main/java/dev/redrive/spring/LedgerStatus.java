package dev.redrive.spring;

import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger says of the accounts. Asks no provider. For the health indicator and the
 * endpoint; not an API.
 */
public final class LedgerStatus {
  private final List<Account> configured;
  private final RetryLedger ledger;

  LedgerStatus(List<Account> configured, RetryLedger ledger) {
    this.configured = configured;
    this.ledger = ledger;
  }

  /**
   * Returns how far each account is caught up: by account, the time up to which all failures were
   * seen. Quick in a ledger of any size.
   *
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read
   */
  public Map<String, Object> completeUntil() {
    Map<String, Object> times = new LinkedHashMap<>();
    for (CatchUps.Window window : windows()) {
      // Of several windows the one that is furthest behind.
      times.merge(
          window.account().toString(),
          window.completeUntil(),
          (one, other) -> ((Instant) one).isBefore((Instant) other) ? one : other);
    }
    return times;
  }

  /**
   * Returns all that there is to show. Counts all deliveries, which takes a while in a large
   * ledger.
   *
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read
   */
  public Status read() {
    LedgerAdmin.Contents contents = ledger.admin().contents();
    List<CatchUps.Window> windows = windows();
    Set<Account> accounts = new LinkedHashSet<>(configured);
    accounts.addAll(contents.deliveries().keySet());
    windows.forEach(window -> accounts.add(window.account()));
    List<AccountStatus> statuses = new ArrayList<>();
    for (Account account : accounts) {
      statuses.add(
          new AccountStatus(
              account.provider(),
              account.name(),
              configured.contains(account),
              backlog(contents.deliveries().getOrDefault(account, Map.of())),
              windows.stream()
                  .filter(window -> window.account().equals(account))
                  .map(WindowStatus::of)
                  .toList()));
    }
    return new Status(contents.name(), statuses);
  }

  private List<CatchUps.Window> windows() {
    return ledger.catchUps().windows().stream()
        .sorted(Comparator.comparing((CatchUps.Window window) -> window.account().toString()))
        .toList();
  }

  private static Map<DeliveryState, Long> backlog(Map<DeliveryState, Long> deliveries) {
    Map<DeliveryState, Long> backlog = new EnumMap<>(DeliveryState.class);
    backlog.putAll(deliveries);
    backlog.remove(DeliveryState.DELIVERED);
    return backlog;
  }

  /**
   * What the endpoint shows.
   *
   * @param ledger the location of the ledger, without credentials
   * @param accounts those that are configured, then others that the ledger knows
   */
  public record Status(String ledger, List<AccountStatus> accounts) {}

  /**
   * An account.
   *
   * @param provider the provider's id
   * @param name the account's name in the ledger
   * @param configured whether this application has a client of it
   * @param backlog how many deliveries are not delivered, by state
   * @param windows how far it is caught up; empty before its first round
   */
  public record AccountStatus(
      String provider,
      String name,
      boolean configured,
      Map<DeliveryState, Long> backlog,
      List<WindowStatus> windows) {}

  /**
   * How far an account is caught up.
   *
   * @param name tells windows with different filters apart
   * @param completeUntil up to when all failures were seen
   * @param age how long ago that is
   * @param run the run that is at it now; null if none is
   */
  public record WindowStatus(
      String name, @Nullable Instant completeUntil, @Nullable Duration age, @Nullable String run) {
    static WindowStatus of(CatchUps.Window window) {
      return new WindowStatus(window.name(), window.completeUntil(), window.age(), window.run());
    }
  }
}
