package dev.redrive.ledger.jdbc;

import java.util.Collection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/**
 * A transaction, or a connection for reads.
 *
 * @param handle the connection
 * @param dialect the dialect of the database
 */
record Tx(Handle handle, Dialect dialect) {
  Query query(String sql) {
    return handle.createQuery(sql);
  }

  /** Creates a query in which {@code %s} compares a column with a list of values. */
  Query query(String sql, Class<?> type, Collection<?> oneOf) {
    return dialect.bindList(
        handle.createQuery(sql.formatted(dialect.isIn("list"))), "list", type, oneOf);
  }

  Update update(String sql) {
    return handle.createUpdate(sql);
  }

  /** Creates an update in which {@code %s} compares a column with a list of values. */
  Update update(String sql, Class<?> type, Collection<?> oneOf) {
    return dialect.bindList(
        handle.createUpdate(sql.formatted(dialect.isIn("list"))), "list", type, oneOf);
  }

  /** Executes a statement in which {@code %s} stands for the rows, as a table {@code u}. */
  int execute(String sql, Rows rows) {
    return rows.isEmpty() ? 0 : dialect.execute(handle, sql, rows);
  }
}
