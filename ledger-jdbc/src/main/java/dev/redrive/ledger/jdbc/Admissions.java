package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.recovery.ledger.RetryLedger.Admission;
import dev.redrive.recovery.ledger.RetryLedger.Round;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Decides how to admit failures that a provider listed, and stores the result. */
final class Admissions {
  private final Tx tx;
  private final Part part;
  private final Round round;
  private final Instant now;
  private final Map<String, Known> byLineage = new LinkedHashMap<>();
  private final Map<String, Known> byRetryLog = new HashMap<>();
  private final Set<Long> subjectsOut;

  private Admissions(Tx tx, Part part, Round round, List<FailedDelivery> found, Instant now) {
    this.tx = tx;
    this.part = part;
    this.round = round;
    this.now = now;
    // Before the logs are looked up: a retry in flight may record its new log in between.
    this.subjectsOut = Siblings.out(tx, part);
    lookUp(found);
  }

  /** See {@link RetryLedger#admit}. */
  static List<Admission> admit(
      Tx tx, Part part, List<FailedDelivery> found, Round round, Instant now) {
    tx.dialect().holdAdmissions(tx.handle(), part);
    var admissions = new Admissions(tx, part, round, found, now);
    List<Admission> done = found.stream().map(admissions::admit).toList();
    admissions
        .byRetryLog
        .values()
        .forEach(known -> admissions.byLineage.putIfAbsent(known.lineage(), known));
    AdmittedRows.store(tx, part, admissions.byLineage.values());
    return done;
  }

  /** See {@link RetryLedger#preview}. */
  static List<Admission> preview(
      Tx tx,
      Part part,
      List<FailedDelivery> found,
      Round round,
      Predicate<String> isFirst,
      Instant now) {
    var admissions = new Admissions(tx, part, round, found, now);
    return found.stream().map(delivery -> admissions.preview(delivery, isFirst)).toList();
  }

  private void lookUp(List<FailedDelivery> found) {
    for (Known known : Known.ofLineages(tx, part, found)) {
      byLineage.put(known.lineage(), known);
    }
    List<String> logs =
        found.stream()
            .filter(f -> !byLineage.containsKey(Columns.indexed(f.lineage())))
            .map(f -> f.latest().logId())
            .distinct()
            .toList();
    Map<Long, Known> byId = new HashMap<>();
    byLineage.values().forEach(known -> byId.put(known.entry().id(), known));
    Known.ofRetryLogs(tx, part, logs)
        .forEach(
            (log, known) ->
                byRetryLog.put(log, byId.computeIfAbsent(known.entry().id(), id -> known)));
  }

  private Admission admit(FailedDelivery found) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = named == null ? byRetryLog.get(found.latest().logId()) : named;
    if (known == null) {
      if (Siblings.isOut(subjectsOut, found)) {
        return Admission.MAY_BE_RETRY;
      }
      byLineage.put(lineage, Known.added(lineage, part, found));
      return Admission.ADMITTED;
    }
    Admission admission = known.admission(found, round, now);
    if (admission == Admission.ADMITTED || admission == Admission.UNDER_WAY) {
      known.give(found);
    } else if (admission == Admission.IN_THIS_RUN && known == named) {
      known.listed(found);
    }
    known.keepNewer(found);
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }

  private Admission preview(FailedDelivery found, Predicate<String> isFirst) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = named == null ? byRetryLog.get(found.latest().logId()) : named;
    if (known == null && Siblings.isOut(subjectsOut, found)) {
      return Admission.MAY_BE_RETRY;
    }
    Admission admission = known == null ? Admission.ADMITTED : known.admission(found, round, now);
    boolean counts = admission == Admission.ADMITTED || admission == Admission.UNDER_WAY;
    if (counts && !isFirst.test(known == null ? lineage : known.lineage())) {
      admission = Admission.EARLIER_ATTEMPT;
    }
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }
}
