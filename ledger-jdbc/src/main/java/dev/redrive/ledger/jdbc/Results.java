package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.DeliveryState;
import dev.redrive.recovery.LedgerEntry;
import dev.redrive.recovery.RetryLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came of retries, of those deliveries that are still as their run read them. */
final class Results {
  /** A delivery as it was read, and as it is to be. */
  private record Change(LedgerEntry read, LedgerEntry next) {}

  private final List<Change> changes = new ArrayList<>();

  /** Logs of retries that do not become known by a change. */
  private final List<RetryLogs.Log> beside = new ArrayList<>();

  /** All logs that retries made. */
  private final List<RetryLogs.Log> logs = new ArrayList<>();

  private Results() {}

  /** See {@link RetryLedger#record}. */
  static Results of(List<LedgerEntry> claimed, List<RetryResult> results) {
    requireSameSize(claimed, results);
    var all = new Results();
    for (int i = 0; i < claimed.size(); i++) {
      LedgerEntry entry = claimed.get(i);
      LedgerEntry next =
          entry.state() == DeliveryState.SENDING ? entry.recorded(results.get(i)) : entry;
      all.add(entry, next, results.get(i).newLogId());
    }
    return all;
  }

  /** See {@link RetryLedger#settle}. */
  static Results of(List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now) {
    requireSameSize(entries, outcomes);
    var all = new Results();
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      LedgerEntry next = entry.state().isUnsettled() ? entry.settled(outcomes.get(i), now) : entry;
      WebhookLog log = outcomes.get(i).log();
      all.add(entry, next, log == null ? null : log.logId());
    }
    return all;
  }

  private static void requireSameSize(List<?> entries, List<?> answers) {
    if (entries.size() != answers.size()) {
      throw new IllegalArgumentException(
          entries.size() + " entries, but " + answers.size() + " answers: give one for each");
    }
  }

  private void add(LedgerEntry entry, LedgerEntry next, @Nullable String log) {
    if (!next.equals(entry)) {
      changes.add(new Change(entry, next));
    }
    keep(entry, log, next.newLogId());
    keep(entry, entry.newLogId(), next.newLogId());
  }

  private void keep(LedgerEntry entry, @Nullable String log, @Nullable String latest) {
    if (log != null && !log.equals(entry.delivery().latest().logId())) {
      logs.add(new RetryLogs.Log(entry, log));
      if (!log.equals(latest)) {
        beside.add(new RetryLogs.Log(entry, log));
      }
    }
  }

  boolean isEmpty() {
    return changes.isEmpty() && beside.isEmpty();
  }

  /** Stores what came of the retries that run {@code run} still holds as they were read. */
  void store(Tx tx, long run) {
    // What another run has taken up does not change, but its logs are to be known all the same.
    RetryLogs.keep(tx, change(tx, run) < changes.size() ? logs : beside);
  }

  /** How many were still as they were read. */
  private int change(Tx tx, long run) {
    if (changes.isEmpty()) {
      return 0;
    }
    keepNewAttempts(tx, run);
    return tx.execute(
        """
        UPDATE redrive_state AS s SET state = u.state, place = u.place, run_no = u.owner,
          open_run = u.open_run, out_subject = u.subject, new_log_id = u.log,
          log_hash = u.log_hash, reason = u.reason, requested_at = u.requested,
          settled_at = u.settled
        FROM %s WHERE s.id = u.id AND s.open_run = :run AND s.state = u.was AND s.sends = u.sends
        """,
        new Rows()
            .with("id", Long.class, changes, change -> change.read().id())
            .with("was", String.class, changes, change -> Columns.state(change.read()))
            .with("sends", Integer.class, changes, change -> change.read().sends())
            .with("state", String.class, changes, change -> Columns.state(change.next()))
            .with("place", Long.class, changes, change -> Columns.place(change.next()))
            .with("owner", Long.class, changes, change -> owner(change.next(), run))
            .with("open_run", Long.class, changes, change -> openRun(change.next(), run))
            .with("subject", Long.class, changes, change -> outSubject(change.next()))
            .with("log", String.class, changes, change -> Columns.text(change.next().newLogId()))
            .with("log_hash", Long.class, changes, change -> Columns.hash(change.next().newLogId()))
            .with("reason", String.class, changes, change -> Columns.text(change.next().reason()))
            .with(
                "requested",
                Long.class,
                changes,
                change -> Columns.micros(change.next().requestedAt()))
            .with(
                "settled", Long.class, changes, change -> Columns.micros(change.next().settledAt()))
            .bind("run", run));
  }

  private static long owner(LedgerEntry entry, long run) {
    return entry.state() == DeliveryState.FOUND ? Runs.NONE : run;
  }

  private static @Nullable Long openRun(LedgerEntry entry, long run) {
    return entry.isUnderWay() ? run : null;
  }

  private static @Nullable Long outSubject(LedgerEntry entry) {
    return entry.state() == DeliveryState.UNKNOWN && entry.isWorthAsking()
        ? Columns.subject(entry.delivery())
        : null;
  }

  private void keepNewAttempts(Tx tx, long run) {
    List<Change> newer =
        changes.stream()
            .filter(change -> !change.next().delivery().equals(change.read().delivery()))
            .toList();
    Rows rows =
        new Rows()
            .with("id", Long.class, newer, change -> change.read().id())
            .with("was", String.class, newer, change -> Columns.state(change.read()))
            .with("sends", Integer.class, newer, change -> change.read().sends())
            .bind("run", run);
    Attempts.columns(
        rows, newer, change -> change.read().key().id(), change -> null, Results::attempt);
    tx.execute(
        Attempts.UPDATE
            + """
               AND EXISTS (SELECT 1 FROM redrive_state s WHERE s.id = u.id AND s.open_run = :run
              AND s.state = u.was AND s.sends = u.sends)
            """,
        rows);
  }

  private static FailedDelivery attempt(Change change) {
    return Objects.requireNonNull(change.next().delivery());
  }
}
