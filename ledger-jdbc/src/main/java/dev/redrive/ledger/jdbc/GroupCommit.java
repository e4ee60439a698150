package dev.redrive.ledger.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Stores what several threads have ready in one transaction: while one transaction is under way,
 * the others gather behind it, and the first of them stores all. A transaction costs as much as
 * many rows.
 */
final class GroupCommit {
  private final Database database;
  private final Queue<Member> waiting = new ConcurrentLinkedQueue<>();

  /** What one thread has ready, and what became of it. */
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
    synchronized (this) {
      if (!own.isDone) {
        storeWaiting();
      }
    }
    if (own.failure != null) {
      throw own.failure;
    }
    if (!own.isDone) {
      throw new IllegalStateException("The thread that was to store this ended before it did");
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
