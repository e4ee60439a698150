package dev.redrive.ledger.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Stores the results of several threads in one transaction, because a transaction costs as much as
 * many rows. While one transaction is in progress, other threads wait, and the first of them then
 * stores the results of all.
 */
final class GroupCommit {
  private final Database database;

  /** No monitor: one that is held through a transaction would pin virtual threads. */
  private final Lock storing = new ReentrantLock();

  private final Queue<Member> waiting = new ConcurrentLinkedQueue<>();

  /** The results of one thread, and whether they were stored. */
  private static final class Member {
    final long run;
    final Results results;
    boolean isDone;
    @Nullable RuntimeException failure;

    Member(long run, Results results) {
      this.run = run;
      this.results = results;
    }
  }

  GroupCommit(Database database) {
    this.database = database;
  }

  /** Returns once the results are stored, as {@link Database#writeResults} has it. */
  void store(long run, Results results) {
    var own = new Member(run, results);
    waiting.add(own);
    storing.lock();
    try {
      if (!own.isDone) {
        storeWaiting();
      }
    } finally {
      storing.unlock();
    }
    if (own.failure != null) {
      throw own.failure;
    }
    if (!own.isDone) {
      throw new IllegalStateException(
          "The thread that stores the results of others died before it had stored these");
    }
  }

  private void storeWaiting() {
    List<Member> group = new ArrayList<>();
    for (Member next = waiting.poll(); next != null; next = waiting.poll()) {
      group.add(next);
    }
    RuntimeException failure = null;
    try {
      database.writeResults(
          tx -> {
            group.forEach(member -> member.results.store(tx, member.run));
            return true;
          });
    } catch (RuntimeException e) {
      failure = e;
    }
    for (Member member : group) {
      member.isDone = true;
      member.failure = failure;
    }
  }
}
