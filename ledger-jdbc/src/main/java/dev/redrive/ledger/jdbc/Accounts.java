package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The numbers that accounts have in a database. */
final class Accounts {
  private final Database database;
  private final Map<Account, Integer> numbers = new ConcurrentHashMap<>();

  Accounts(Database database) {
    this.database = database;
  }

  /** The account's number; null if nothing was ever stored for it. */
  @Nullable Integer find(Account account) {
    Integer known = numbers.get(account);
    if (known != null) {
      return known;
    }
    Integer found = database.read(handle -> find(handle, account));
    if (found != null) {
      numbers.put(account, found);
    }
    return found;
  }

  /** The account's number, a new one if it has none. */
  int number(Account account) {
    Integer known = find(account);
    if (known != null) {
      return known;
    }
    Integer added =
        database.write(
            handle -> {
              handle
                  .createUpdate(
                      "INSERT INTO redrive_account (provider, name) VALUES (:provider, :name)"
                          + " ON CONFLICT DO NOTHING")
                  .bind("provider", Columns.text(account.provider()))
                  .bind("name", Columns.text(account.name()))
                  .execute();
              return find(handle, account);
            });
    numbers.put(account, added);
    return added;
  }

  private static @Nullable Integer find(Handle handle, Account account) {
    return handle
        .createQuery(
            "SELECT account_no FROM redrive_account WHERE provider = :provider AND name = :name")
        .bind("provider", Columns.text(account.provider()))
        .bind("name", Columns.text(account.name()))
        .mapTo(Integer.class)
        .findOne()
        .orElse(null);
  }
}
