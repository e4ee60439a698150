package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.recovery.ledger.RetryLedger.Grouping;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The queued deliveries of an account, oldest first, and their claims. */
final class Queue {
  /** The most rows that are passed on at once, so that memory stays bounded. */
  private static final int PAGE = 2_000;

  /**
   * Whether the queued delivery {@code s} was given to run {@code :run} in this round. A scalar
   * subquery rather than EXISTS, for which PostgreSQL would join all deliveries of the run for each
   * claim.
   */
  private static final String GIVEN =
      "(SELECT g.round FROM redrive_given g"
          + " WHERE g.run_no = :run AND g.id = s.id AND NOT g.held) = s.round";

  /** The queued deliveries of an account. */
  private static final String WAITING =
      """
       FROM redrive_state s JOIN redrive_delivery d ON d.id = s.id
      WHERE s.account_no = :account AND s.place IS NOT NULL AND\
      """
          + " ";

  /** Whether no sibling of the delivery {@code d} is in progress. */
  private static final String NO_SIBLING_OUT =
      "(d.subject IS NULL OR d.subject NOT IN (" + Siblings.OUT.formatted(Part.SCOPE) + "))";

  private static final String OLDEST_FIRST = " ORDER BY s.account_no, s.place, s.id";

  private Queue() {}

  /** A queued delivery and its place. */
  private record Waiting(LedgerEntry entry, long place) {}

  /** See {@link RetryLedger#leftQueued}. */
  static void leftQueued(
      Database database, Function<Tx, Part> part, Predicate<List<LedgerEntry>> reader) {
    Waiting last = null;
    boolean goesOn = true;
    while (goesOn) {
      Waiting behind = last;
      List<Waiting> page = database.read(tx -> leftQueued(tx, part.apply(tx), behind));
      goesOn = !page.isEmpty() && reader.test(page.stream().map(Waiting::entry).toList());
      last = page.isEmpty() ? null : page.get(page.size() - 1);
    }
  }

  private static List<Waiting> leftQueued(Tx tx, Part part, @Nullable Waiting behind) {
    return part.bind(
            tx.query(
                "SELECT "
                    + Columns.ENTRY
                    + ", s.place"
                    + WAITING
                    + "s.place >= :place AND NOT (s.place = :place AND s.id <= :id) AND s.approved"
                    + " AND NOT EXISTS (SELECT 1 FROM redrive_given g"
                    + " WHERE g.run_no = :run AND g.id = s.id)"
                    + OLDEST_FIRST
                    + " LIMIT :most"))
        .bind("place", behind == null ? Long.MIN_VALUE : behind.place())
        .bind("id", behind == null ? 0 : behind.entry().id())
        .bind("most", PAGE)
        .map(
            (row, context) -> new Waiting(Columns.entry(row, part.account()), row.getLong("place")))
        .list();
  }

  /** See {@link RetryLedger#claim}. */
  static List<LedgerEntry> claim(
      Tx tx, Part part, Grouping grouping, int most, Instant now, Duration lease) {
    String webhook = null;
    if (grouping == Grouping.ONE_WEBHOOK) {
      List<LedgerEntry> oldest = waiting(tx, part, null, 1, "");
      if (oldest.isEmpty()) {
        return oldest;
      }
      webhook = oldest.get(0).webhook();
    }
    List<LedgerEntry> picked = waiting(tx, part, webhook, most, tx.dialect().skipLocked("s"));
    return take(tx, part, withoutSiblingsOut(tx, part, picked), now, lease);
  }

  /** Returns what a run may claim: of one webhook, or of all if it is null. */
  private static List<LedgerEntry> waiting(
      Tx tx, Part part, @Nullable String webhook, int most, String lock) {
    Query query =
        tx.query(
            "SELECT "
                + Columns.ENTRY
                + WAITING
                + GIVEN
                + " AND "
                + NO_SIBLING_OUT
                + (webhook == null ? "" : " AND COALESCE(d.webhook_id, '') = :webhook")
                + OLDEST_FIRST
                + " LIMIT :most"
                + lock);
    if (webhook != null) {
      query.bind("webhook", Columns.text(webhook));
    }
    return part.bindScope(part.bind(query))
        .bind("most", most)
        .map((row, context) -> Columns.entry(row, part.account()))
        .list();
  }

  /**
   * Leaves out deliveries whose siblings were claimed since they were read. From now on, other
   * claims of siblings wait for this one.
   */
  private static List<LedgerEntry> withoutSiblingsOut(Tx tx, Part part, List<LedgerEntry> picked) {
    if (picked.stream().allMatch(entry -> Columns.subject(entry.delivery()) == null)
        || !tx.dialect().holdSiblings(tx.handle(), part)) {
      return picked;
    }
    Set<Long> out = Siblings.out(tx, part);
    return picked.stream().filter(entry -> !Siblings.isOut(out, entry.delivery())).toList();
  }

  /** See {@link RetryLedger#claimFirst}. */
  static List<LedgerEntry> claimFirst(
      Tx tx,
      Part part,
      Grouping grouping,
      int each,
      Set<String> except,
      int most,
      Instant now,
      Duration lease) {
    boolean unused = tx.dialect().holdSiblings(tx.handle(), part);
    var picked = new ArrayList<LedgerEntry>();
    Set<Long> subjects = new HashSet<>(Siblings.out(tx, part));
    Set<String> done = new HashSet<>(except);
    // Webhook by webhook, by their oldest deliveries: to rank the whole queue takes far longer.
    Optional<LedgerEntry> next = oldestBut(tx, part, done);
    while (next.isPresent() && picked.size() < most) {
      String webhook = next.get().webhook();
      int left = Math.min(each, most - picked.size());
      for (LedgerEntry entry : waiting(tx, part, webhook, left, tx.dialect().skipLocked("s"))) {
        Long subject = Columns.subject(entry.delivery());
        if (subject == null || subjects.add(subject)) {
          picked.add(entry);
        }
      }
      done.add(webhook);
      boolean isEnough = grouping == Grouping.ONE_WEBHOOK && !picked.isEmpty();
      next = isEnough ? Optional.empty() : oldestBut(tx, part, done);
    }
    picked.sort(Comparator.comparing(Columns::place).thenComparing(LedgerEntry::id));
    return take(tx, part, picked, now, lease);
  }

  /** Returns the oldest queued delivery of the other webhooks; empty if there is none. */
  private static Optional<LedgerEntry> oldestBut(Tx tx, Part part, Set<String> webhooks) {
    Query query =
        tx.query(
            "SELECT "
                + Columns.ENTRY
                + WAITING
                + "NOT COALESCE(d.webhook_id, '') %s AND "
                + GIVEN
                + OLDEST_FIRST
                + " LIMIT 1",
            String.class,
            webhooks.stream().map(Columns::text).toList());
    return part.bind(query).map((row, context) -> Columns.entry(row, part.account())).findOne();
  }

  private static List<LedgerEntry> take(
      Tx tx, Part part, List<LedgerEntry> picked, Instant now, Duration lease) {
    List<LedgerEntry> sentBefore =
        picked.stream().filter(entry -> entry.newLogId() != null).toList();
    RetryLogs.keep(
        tx,
        sentBefore.stream()
            .map(e -> new RetryLogs.Log(e, Objects.requireNonNull(e.newLogId())))
            .toList());
    tx.execute(
        """
        UPDATE redrive_state AS s SET state = 'SENDING', run_no = :run, open_run = :run,
          place = NULL, out_subject = u.subject, sends = s.sends + 1, NO_LOG
          reason = NULL, requested_at = :now, lost_at = NULL, settled_at = NULL,
          sent_by = NULL, lease_until = NOW_MICROS + :lease
        FROM %s WHERE s.id = u.id
        """
            .replace("NO_LOG", sentBefore.isEmpty() ? "" : "new_log_id = NULL, log_hash = NULL,")
            .replace("NOW_MICROS", tx.dialect().now()),
        new Rows()
            .with("id", Long.class, picked, LedgerEntry::id)
            .with("subject", Long.class, picked, entry -> Columns.subject(entry.delivery()))
            .bind("run", part.run())
            .bind("now", Objects.requireNonNull(Columns.micros(now)))
            .bind("lease", lease.toNanos() / 1_000));
    return picked.stream().map(entry -> entry.claimed(now)).toList();
  }

  /** See {@link RetryLedger#holdBack}. */
  static void holdBack(Tx tx, Part part, String webhook) {
    part.bind(
            tx.update(
                """
                UPDATE redrive_given SET held = TRUE WHERE run_no = :run AND id IN (
                  SELECT d.id FROM redrive_given g JOIN redrive_delivery d ON d.id = g.id
                  WHERE g.run_no = :run AND g.account_no = :account
                    AND COALESCE(d.webhook_id, '') = :webhook)
                """))
        .bind("webhook", Columns.text(webhook))
        .execute();
  }

  /** See {@link RetryLedger#remaining}. */
  static RetryLedger.Remaining remaining(Tx tx, Part part) {
    return part.bind(
            tx.query(
                "SELECT (SELECT COUNT(*) FROM redrive_state s"
                    + " WHERE s.account_no = :account AND s.place IS NOT NULL AND "
                    + GIVEN
                    + ") AS waiting, (SELECT COUNT(*) FROM redrive_state s"
                    + " WHERE s.open_run IS NOT NULL AND s.open_run <> :run AND EXISTS (SELECT 1"
                    + " FROM redrive_given g WHERE g.run_no = :run AND g.id = s.id"
                    + " AND g.account_no = :account)) AS with_others"))
        .map(
            (row, context) ->
                new RetryLedger.Remaining(row.getLong("waiting"), row.getLong("with_others")))
        .one();
  }
}
