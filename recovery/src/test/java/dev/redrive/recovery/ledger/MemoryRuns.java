package dev.redrive.recovery.ledger;

import dev.redrive.TimeSource;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.RecoveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The runs of a ledger in memory, by its clock. */
final class MemoryRuns {
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final TimeSource time;

  private static final class Run {
    LedgerRun info;
    Instant seenAt;
    boolean approved;
    boolean stopAsked;

    Run(LedgerRun info, Instant seenAt) {
      this.info = info;
      this.seenAt = seenAt;
    }
  }

  MemoryRuns(TimeSource time) {
    this.time = time;
  }

  void begin(LedgerRun run) {
    if (runs.putIfAbsent(run.id(), new Run(run, time.now())) != null) {
      throw new IllegalArgumentException("Run " + run.id() + " has begun already");
    }
  }

  boolean alive(String run) {
    Run was = run(run);
    was.seenAt = time.now();
    return !was.stopAsked;
  }

  boolean isStopped(String run) {
    return run(run).stopAsked;
  }

  /** Whether a run has begun, has not ended, and was seen alive. */
  boolean isAlive(String run, Duration silence) {
    return runs.containsKey(run) && !isDead(run, silence);
  }

  boolean hasBegun(String run) {
    return runs.containsKey(run);
  }

  void approve(String run) {
    run(run).approved = true;
  }

  boolean isApproved(String run) {
    return run(run).approved;
  }

  void finish(String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    Run was = run(run);
    was.info =
        new LedgerRun(
            was.info.id(), was.info.accounts(), was.info.startedAt(), endedAt, end, counts);
  }

  boolean stop(String run) {
    Run asked = run(run);
    asked.stopAsked |= asked.info.endedAt() == null;
    return asked.info.endedAt() == null;
  }

  Duration silence(String run) {
    return Duration.between(run(run).seenAt, time.now());
  }

  boolean isDead(String run, Duration silence) {
    return run(run).info.endedAt() != null || silence(run).compareTo(silence) >= 0;
  }

  boolean isSeenSince(String run, Instant time) {
    return !run(run).seenAt.isBefore(time);
  }

  /** Newest first. */
  List<LedgerRun> latest() {
    var latest = new ArrayList<LedgerRun>();
    runs.values().forEach(run -> latest.add(info(run)));
    Collections.reverse(latest);
    return latest;
  }

  /** Forgets those that are over or dead since some time; how many. */
  long forget(Account account, Instant before, Predicate<String> hasNothing) {
    long all = runs.size();
    runs.values()
        .removeIf(
            run ->
                run.seenAt.isBefore(before)
                    && !info(run).isAlive()
                    && run.info.accounts().contains(account)
                    && hasNothing.test(run.info.id()));
    return all - runs.size();
  }

  void requireBegun(String run) {
    Run unused = run(run);
  }

  private LedgerRun info(Run run) {
    LedgerRun info = run.info;
    return info.endedAt() == null
        ? new LedgerRun(info.id(), info.accounts(), info.startedAt(), silence(info.id()))
        : info;
  }

  private Run run(String id) {
    Run run = runs.get(id);
    if (run == null) {
      throw new IllegalArgumentException("Run " + id + " never began");
    }
    return run;
  }
}
