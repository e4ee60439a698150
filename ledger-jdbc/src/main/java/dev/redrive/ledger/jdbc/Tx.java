package dev.redrive.ledger.jdbc;

import java.util.Collection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * A transaction, or a connection that only reads.
 *
 * @param handle the connection
 * @param dialect the database's
 */
record Tx(Handle handle, Dialect dialect) {
  Query query(String sql) {
    return handle.createQuery(sql);
  }

  /** A query with one {@code %s}, for what follows a column that is to be one of the values. */
  Query query(String sql, Class<?> type, Collection<?> oneOf) {
    return dialect.bindList(
        handle.createQuery(sql.formatted(dialect.isIn("list"))), "list", type, oneOf);
  }

  Update update(String sql) {
    return handle.createUpdate(sql);
  }

  /** An update with one {@code %s}, for what follows a column that is to be one of the values. */
  Update update(String sql, Class<?> type, Collection<?> oneOf) {
    return dialect.bindList(
        handle.createUpdate(sql.formatted(dialect.isIn("list"))), "list", type, oneOf);
  }

  /** Executes a statement that has {@code %s} where rows stand as a table {@code u}. */
  int execute(String sql, Rows rows) {
    return rows.isEmpty() ? 0 : dialect.execute(handle, sql, rows);
  }
}
