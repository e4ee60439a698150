package dev.redrive.cli.commands;

import dev.redrive.DeliveryKey;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.ledger.CatchUps;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds deliveries in a ledger by an id alone: people do not know every account by heart. */
public final class LedgerSearch {
  private LedgerSearch() {}

  /** The accounts that a ledger knows, each once: those of runs first, the latest one first. */
  public static List<Account> accounts(RetryLedger ledger) {
    return Stream.concat(
            ledger.runs(Integer.MAX_VALUE).stream()
                .map(LedgerRun::accounts)
                .flatMap(Collection::stream),
            ledger.catchUps().windows().stream().map(CatchUps.Window::account))
        .distinct()
        .toList();
  }

  /** Accounts, for people. */
  public static String names(Collection<Account> accounts) {
    return accounts.stream().map(Account::toString).collect(Collectors.joining(", "));
  }

  /**
   * What the ledger knows of an id: of several accounts, if their ids are not unique.
   *
   * @param id of a delivery or of one of its logs
   * @param among the accounts to look in
   */
  public static List<LedgerAdmin.History> find(
      RetryLedger ledger, String id, Predicate<Account> among) {
    Map<Long, LedgerAdmin.History> found = new LinkedHashMap<>();
    for (Account account : accounts(ledger)) {
      if (among.test(account)) {
        ledger
            .admin()
            .find(new DeliveryKey(account.provider(), account.name(), id))
            .ifPresent(history -> found.putIfAbsent(history.entry().id(), history));
      }
    }
    return List.copyOf(found.values());
  }
}
