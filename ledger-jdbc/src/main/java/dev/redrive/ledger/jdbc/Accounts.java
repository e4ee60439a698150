package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Maps accounts to their numbers in a database. */
final class Accounts {
  private final Database database;
  private final Map<Account, Integer> numbers = new ConcurrentHashMap<>();

  Accounts(Database database) {
    this.database = database;
  }

  /** Returns the account's number; {@link Part#UNKNOWN} if nothing was ever stored for it. */
  int find(Account account) {
    return known(account, () -> database.read(tx -> find(tx, account)));
  }

  /** Returns the account's number, and creates one if it has none. */
  int number(Account account) {
    return known(
        account,
        () ->
            database.write(
                tx -> {
                  add(tx, account);
                  return find(tx, account);
                }));
  }

  private interface Lookup {
    int look();
  }

  private int known(Account account, Lookup lookup) {
    Integer known = numbers.get(account);
    if (known == null) {
      known = lookup.look();
      if (known != Part.UNKNOWN) {
        numbers.put(account, known);
      }
    }
    return known;
  }

  /** Also sets {@code unique_ids} of old rows, because older versions did not store it. */
  private static void add(Tx tx, Account account) {
    boolean unique = account.identity() == Account.Identity.AT_PROVIDER;
    tx.update(
            "INSERT INTO redrive_account (provider, name, unique_ids)"
                + " VALUES (:provider, :name, :unique) ON CONFLICT DO NOTHING")
        .bind("provider", Columns.text(account.provider()))
        .bind("name", Columns.text(account.name()))
        .bind("unique", unique)
        .execute();
    if (unique) {
      tx.update(
              "UPDATE redrive_account SET unique_ids = TRUE"
                  + " WHERE provider = :provider AND NOT unique_ids")
          .bind("provider", Columns.text(account.provider()))
          .execute();
    }
  }

  private static int find(Tx tx, Account account) {
    return tx.query(
            "SELECT account_no FROM redrive_account WHERE provider = :provider AND name = :name")
        .bind("provider", Columns.text(account.provider()))
        .bind("name", Columns.text(account.name()))
        .mapTo(Integer.class)
        .findOne()
        .orElse(Part.UNKNOWN);
  }

  /** Reads {@code provider}, {@code name} and {@code unique_ids}. */
  static Account account(ResultSet row) throws SQLException {
    return new Account(
        Columns.read(row.getString("provider")),
        Columns.read(row.getString("name")),
        row.getBoolean("unique_ids") ? Account.Identity.AT_PROVIDER : Account.Identity.IN_ACCOUNT);
  }
}
