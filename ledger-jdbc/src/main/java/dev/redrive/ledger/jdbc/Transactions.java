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
 * Runs transactions: once more where one failed for a reason that passes, and where the connection
 * was lost during a commit, only if that commit certainly did not happen.
 */
final class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

  /** How a transaction begins; the result tells it to the server later. */
  interface Start {
    @Nullable Long begin(Handle handle);
  }

  private final Jdbi jdbi;
  private final Dialect dialect;
  private final Failures failures;
  private final Supplier<Patience> patience;
  private final Consumer<Connection> discard;
  private volatile boolean everWorked;

  /** See {@link Dialect#incarnation}; null if it has to be asked for. */
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

  /** From now on a database that is away is waited for. */
  void worked() {
    everWorked = true;
  }

  /**
   * Runs a transaction.
   *
   * @param work may run more than once: it changes nothing but the database
   */
  <T> T write(Start start, Function<Handle, T> work) {
    Patience waiting = patience.get();
    return repeated(waiting, () -> attempt(start, work, waiting));
  }

  /** Reads; {@code work} may run more than once. */
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
        LOG.debug("Runs a transaction of the ledger once more: {}", failures.of(e).getMessage());
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
    // A new connection: the old one cannot tell.
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
    LOG.debug("A commit failed, its transaction is {}", fate);
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

  /** What was read or committed stays so, whatever the pool makes of the connection. */
  private static void close(Handle handle) {
    try {
      handle.close();
    } catch (RuntimeException e) {
      LOG.debug("A connection of the ledger could not be given back", e);
    }
  }
}
