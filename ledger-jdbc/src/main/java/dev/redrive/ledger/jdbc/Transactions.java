package dev.redrive.ledger.jdbc;

import java.sql.Connection;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs transactions, and repeats them after temporary failures. If the connection was lost during a
 * commit, the transaction is repeated only if the commit certainly did not succeed.
 */
final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

  /** Begins a transaction. Returns its id; see {@link Dialect#begin}. */
  interface Start {
    @Nullable Long begin(Handle handle);
  }

  private final Jdbi jdbi;
  private final Dialect dialect;
  private final Failures failures;
  private final Supplier<Patience> patience;
  private final Consumer<Connection> discard;
  private volatile boolean everWorked;

  /** See {@link Dialect#incarnation}; null if it must be read. */
  private volatile @Nullable String incarnation;

  /** {@code discard} keeps a connection from being used again. */
  Transactions(
      Jdbi jdbi,
      Dialect dialect,
      Failures failures,
      Supplier<Patience> patience,
      Consumer<Connection> discard) {
    this.jdbi = jdbi;
    this.dialect = dialect;
    this.failures = failures;
    this.patience = patience;
    this.discard = discard;
  }

  /** Call this once the database has worked: from now on, outages are waited out. */
  void worked() {
    everWorked = true;
  }

  /**
   * Runs a transaction.
   *
   * @param work may run more than once, so it must change only the database
   */
  <T> T write(Start start, Function<Handle, T> work) {
    Patience waiting = patience.get();
    return repeated(waiting, () -> attempt(start, work, waiting));
  }

  /** Runs a read. {@code work} may run more than once. */
  <T> T read(Function<Handle, T> work) {
    return repeated(patience.get(), () -> read(jdbi, work));
  }

  private <T> T repeated(Patience waiting, Supplier<T> attempt) {
    while (true) {
      try {
        return attempt.get();
      } catch (RuntimeException e) {
        incarnation = null;
        if (!passes(e) || !waiting.awaitNext()) {
          throw e;
        }
        LOG.debug("Repeating a transaction of the ledger: {}", failures.of(e).getMessage());
      }
    }
  }

  private boolean passes(RuntimeException failure) {
    return failures.isContention(failure) || (everWorked && failures.isOutage(failure));
  }

  private <T> T attempt(Start start, Function<Handle, T> work, Patience waiting) {
    Handle handle = jdbi.open();
    Long transaction;
    String server;
    T result;
    RuntimeException failure;
    try {
      server = incarnation(handle);
      try {
        transaction = start.begin(handle);
        result = work.apply(handle);
      } catch (Throwable e) {
        rollBack(handle, e);
        throw e;
      }
      try {
        dialect.commit(handle);
        return result;
      } catch (RuntimeException e) {
        rollBack(handle, e);
        failure = e;
      }
    } finally {
      close(handle);
    }
    // On a new connection, because the old one is lost.
    if (transaction != null && isCommitted(transaction, server, failure, waiting)) {
      return result;
    }
    throw failure;
  }

  private String incarnation(Handle handle) {
    String known = incarnation;
    if (known == null) {
      known = dialect.incarnation(handle);
      incarnation = known;
    }
    return known;
  }

  private boolean isCommitted(
      long transaction, String server, RuntimeException failure, Patience waiting) {
    Fate fate;
    do {
      fate = fate(transaction, server, failure);
    } while (fate == Fate.OPEN && waiting.awaitNext());
    LOG.debug("A commit failed; the fate of its transaction: {}", fate);
    return switch (fate) {
      case COMMITTED -> true;
      case ABORTED -> false;
      case OPEN, UNKNOWN -> throw failures.inDoubt(failure);
    };
  }

  private Fate fate(long transaction, String server, RuntimeException failure) {
    try {
      return read(
          jdbi,
          handle -> {
            Fate fate = dialect.fate(handle, transaction);
            boolean isAnother =
                fate == Fate.COMMITTED && !server.equals(dialect.incarnation(handle));
            return isAnother ? Fate.UNKNOWN : fate;
          });
    } catch (RuntimeException e) {
      if (failures.isContention(e) || failures.isOutage(e)) {
        return Fate.OPEN;
      }
      failure.addSuppressed(e);
      return Fate.UNKNOWN;
    }
  }

  private void rollBack(Handle handle, Throwable failure) {
    try {
      dialect.rollBack(handle);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      discard.accept(handle.getConnection());
    }
  }

  private static <T> T read(Jdbi jdbi, Function<Handle, T> work) {
    Handle handle = jdbi.open();
    try {
      return work.apply(handle);
    } finally {
      close(handle);
    }
  }

  /** Closes a connection. A failure is only logged, because the work is done. */
  private static void close(Handle handle) {
    try {
      handle.close();
    } catch (RuntimeException e) {
      LOG.debug("A connection of the ledger could not be returned to its pool", e);
    }
  }
}
