package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.Account;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The part of a run that is for one account.
 *
 * @param run the run's number; {@link Runs#NONE} for a run that has not begun yet
 * @param account the account
 * @param number the account's number; {@link #UNKNOWN} if nothing is stored for it
 */
record Part(long run, Account account, int number) {
  /** The number of an account for which nothing is stored. */
  static final int UNKNOWN = 0;

  /** The accounts among which an id is unique: this one, or all of its provider. */
  static final String SCOPE =
      "IN (SELECT account_no FROM redrive_account"
          + " WHERE provider = :provider AND (:unique OR account_no = :account))";

  boolean isUnique() {
    return account.identity() == Account.Identity.AT_PROVIDER;
  }

  /** Binds {@code :run} and {@code :account}. */
  <S extends SqlStatement<S>> S bind(S statement) {
    return statement.bind("run", run).bind("account", number);
  }

  /** Binds the parameters of {@link #SCOPE}. */
  <S extends SqlStatement<S>> S bindScope(S statement) {
    return statement
        .bind("account", number)
        .bind("provider", Columns.text(account.provider()))
        .bind("unique", isUnique());
  }
}
