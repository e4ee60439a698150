package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Siblings are deliveries with the same subject, whose new logs cannot be told apart. The subject
 * is stored as a hash; two subjects with the same hash would only wait for each other.
 */
final class Siblings {
  /** Selects the subjects that have a delivery in progress, in any run; uses {@link Part#SCOPE}. */
  static final String OUT =
      "SELECT o.out_subject FROM redrive_state o"
          + " WHERE o.out_subject IS NOT NULL AND o.account_no %s";

  private static final List<String> LOGS =
      List.of(
          "s.lineage FROM redrive_delivery s",
          "COALESCE(s.log_id, s.attempt_id, s.key_id) FROM redrive_delivery s",
          "l.log_id FROM redrive_delivery s JOIN redrive_log l ON l.delivery_id = s.id",
          "o.new_log_id FROM redrive_delivery s JOIN redrive_state o"
              + " ON o.id = s.id AND o.new_log_id IS NOT NULL");

  private Siblings() {}

  static Set<Long> out(Tx tx, Part part) {
    return part.bindScope(tx.query(OUT.formatted(Part.SCOPE))).mapTo(Long.class).set();
  }

  static boolean isOut(Set<Long> out, FailedDelivery delivery) {
    return !out.isEmpty() && out.contains(Columns.subject(delivery));
  }

  /** See {@link RetryLedger#logsOfSiblings}, for entries of one account. */
  static Map<Long, List<String>> logs(Tx tx, Part part, List<LedgerEntry> entries) {
    record Log(long subject, long delivery, String id) {}
    List<Long> subjects =
        entries.stream()
            .map(entry -> Columns.subject(entry.delivery()))
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    if (subjects.isEmpty()) {
      return Map.of();
    }
    Set<Long> asked = entries.stream().map(LedgerEntry::id).collect(Collectors.toSet());
    Map<Long, Set<String>> bySubject = new HashMap<>();
    for (String logs : LOGS) {
      part
          .bindScope(
              tx.query(
                  "SELECT s.subject, s.id, "
                      + logs
                      + " WHERE s.subject %s AND s.account_no + 0 "
                      + Part.SCOPE,
                  Long.class,
                  subjects))
          .map(
              (row, context) ->
                  new Log(row.getLong(1), row.getLong(2), Columns.read(row.getString(3))))
          .stream()
          .filter(log -> !asked.contains(log.delivery()))
          .forEach(
              log ->
                  bySubject
                      .computeIfAbsent(log.subject(), s -> new LinkedHashSet<>())
                      .add(log.id()));
    }
    Map<Long, List<String>> siblings = new HashMap<>();
    for (LedgerEntry entry : entries) {
      Set<String> others = bySubject.get(Columns.subject(entry.delivery()));
      if (others != null) {
        siblings.put(entry.id(), List.copyOf(others));
      }
    }
    return siblings;
  }
}
