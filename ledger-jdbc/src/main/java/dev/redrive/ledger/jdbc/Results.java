package dev.redrive.ledger.jdbc;

import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Results and outcomes to store, for deliveries that have not changed since they were read. */
final class Results {
  /** A delivery as it was read, and its new state. */
  private record Change(LedgerEntry read, LedgerEntry next) {}

  /** A column of the state of an entry. */
  private record Column(String name, Class<?> type, boolean isIndexed, Value value) {
    interface Value {
      @Nullable Object of(LedgerEntry entry, long run);
    }

    static Column plain(String name, Class<?> type, Value value) {
      return new Column(name, type, false, value);
    }

    static Column indexed(String name, Class<?> type, Value value) {
      return new Column(name, type, true, value);
    }

    /**
     * Whether to set the column. If it is indexed and does not change, that saves index updates.
     */
    boolean isSet(List<Change> changes, long run) {
      return !isIndexed
          || changes.stream()
              .anyMatch(
                  change ->
                      !Objects.equals(value.of(change.read(), run), value.of(change.next(), run)));
    }
  }

  private static final List<Column> COLUMNS =
      List.of(
          Column.plain("state", String.class, (entry, run) -> Columns.state(entry)),
          Column.plain("run_no", Long.class, Results::owner),
          Column.indexed("place", Long.class, (entry, run) -> Columns.place(entry)),
          Column.indexed("open_run", Long.class, Results::openRun),
          Column.indexed("out_subject", Long.class, (entry, run) -> outSubject(entry)),
          Column.indexed(
              "again_at", Long.class, (entry, run) -> Columns.micros(entry.dueAgainAt())),
          Column.indexed("log_hash", Long.class, (entry, run) -> Columns.hash(entry.newLogId())),
          Column.plain("new_log_id", String.class, (entry, run) -> Columns.text(entry.newLogId())),
          Column.plain("reason", String.class, (entry, run) -> Columns.text(entry.reason())),
          Column.plain(
              "requested_at", Long.class, (entry, run) -> Columns.micros(entry.requestedAt())),
          Column.plain(
              "settled_at", Long.class, (entry, run) -> Columns.micros(entry.settledAt())));

  private final List<Change> changes = new ArrayList<>();

  /** The ids of deliveries to put back that were not sent, though a request was made. */
  private final List<Long> tried = new ArrayList<>();

  /** Logs of retries that no change of a state makes known. */
  private final List<RetryLogs.Log> beside = new ArrayList<>();

  /** All logs of retries. */
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
      if (results.get(i).error() != null) {
        all.addTried(entry, next);
      }
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
      all.addTried(entry, next);
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

  private void addTried(LedgerEntry entry, LedgerEntry next) {
    if (entry.isUnderWay() && next.state() == DeliveryState.FOUND) {
      tried.add(entry.id());
    }
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

  /** Stores the changes of entries that run {@code run} still has and that did not change. */
  void store(Tx tx, long run) {
    // An entry that another run has taken over is not changed, but its new log is stored.
    RetryLogs.keep(tx, change(tx, run) < changes.size() ? logs : beside);
    PastRetries.keepPutBack(tx, run, tried);
  }

  /** Returns how many entries had not changed. */
  private int change(Tx tx, long run) {
    if (changes.isEmpty()) {
      return 0;
    }
    keepNewAttempts(tx, run);
    Rows rows =
        new Rows()
            .with("id", Long.class, changes, change -> change.read().id())
            .with("was", String.class, changes, change -> Columns.state(change.read()))
            .with("sends", Integer.class, changes, change -> change.read().sends())
            .bind("run", run);
    List<Column> columns = COLUMNS.stream().filter(column -> column.isSet(changes, run)).toList();
    columns.forEach(
        column ->
            rows.with(
                column.name(),
                column.type(),
                changes,
                change -> column.value().of(change.next(), run)));
    return tx.execute(
        "UPDATE redrive_state AS s SET "
            + columns.stream()
                .map(column -> column.name() + " = u." + column.name())
                .collect(Collectors.joining(", "))
            + " FROM %s WHERE s.id = u.id AND s.open_run = :run AND s.state = u.was"
            + " AND s.sends = u.sends",
        rows);
  }

  private static long owner(LedgerEntry entry, long run) {
    return entry.state() == DeliveryState.FOUND ? Runs.NONE : run;
  }

  private static @Nullable Long openRun(LedgerEntry entry, long run) {
    return entry.isUnderWay() ? run : null;
  }

  private static @Nullable Long outSubject(LedgerEntry entry) {
    return entry.isUnderWay() && entry.state() != DeliveryState.ACCEPTED
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
        rows,
        newer,
        change -> change.read().key().id(),
        change -> null,
        change -> change.next().delivery());
    tx.execute(
        Attempts.UPDATE
            + """
               AND EXISTS (SELECT 1 FROM redrive_state s WHERE s.id = u.id AND s.open_run = :run
              AND s.state = u.was AND s.sends = u.sends)
            """,
        rows);
  }
}
