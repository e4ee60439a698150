package dev.redrive.ledger.jdbc;

import dev.redrive.FailedDelivery;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.RetryLedger;
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

  /**
   * What to do with a listed log.
   *
   * @param delivery a name of the delivery that it is of
   * @param isRetryLog whether it is known as the log of a retry only
   * @param isStored whether the run is given the delivery, so that its next log is known as such
   */
  record Row(Admission admission, String delivery, boolean isRetryLog, boolean isStored) {
    /** Returns the admission, given which deliveries were counted before. */
    Admission counted(Predicate<String> isFirst) {
      Admission own = isRetryLog ? admission.ofRetryLog() : admission;
      if (own.isOfEarlierRun() || (isGiven() && !isStored)) {
        Admission repeated = isRetryLog ? Admission.PART_OF_LINEAGE : Admission.EARLIER_ATTEMPT;
        return isFirst.test(delivery) ? own : repeated;
      }
      return own;
    }

    boolean isGiven() {
      return admission == Admission.ADMITTED || admission == Admission.UNDER_WAY;
    }
  }

  /** See {@link RetryLedger#admit}. */
  static List<Row> admit(Tx tx, Part part, List<FailedDelivery> found, Round round, Instant now) {
    tx.dialect().holdAdmissions(tx.handle(), part);
    var admissions = new Admissions(tx, part, round, found, now);
    List<Row> done = found.stream().map(admissions::admit).toList();
    admissions
        .byRetryLog
        .values()
        .forEach(known -> admissions.byLineage.putIfAbsent(known.lineage(), known));
    AdmittedRows.store(tx, part, admissions.byLineage.values());
    return done;
  }

  /** See {@link RetryLedger#preview}. */
  static List<Row> preview(Tx tx, Part part, List<FailedDelivery> found, Round round, Instant now) {
    var admissions = new Admissions(tx, part, round, found, now);
    return found.stream().map(admissions::preview).toList();
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

  private Row admit(FailedDelivery found) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = named == null ? byRetryLog.get(found.latest().logId()) : named;
    if (known == null) {
      Admission admission = ofUnknown(found);
      if (admission == Admission.ADMITTED) {
        byLineage.put(lineage, Known.added(lineage, part, found));
      }
      return new Row(admission, lineage, false, true);
    }
    var row = new Row(known.admission(found, round, now), known.lineage(), known != named, true);
    if (row.isGiven()) {
      known.give(found);
    } else if (row.admission() == Admission.IN_THIS_RUN && known == named) {
      known.listed(found);
    }
    known.keepNewer(found);
    return row;
  }

  private Row preview(FailedDelivery found) {
    String lineage = Columns.indexed(found.lineage());
    Known named = byLineage.get(lineage);
    Known known = named == null ? byRetryLog.get(found.latest().logId()) : named;
    return known == null
        ? new Row(ofUnknown(found), lineage, false, false)
        : new Row(known.admission(found, round, now), known.lineage(), known != named, false);
  }

  private Admission ofUnknown(FailedDelivery found) {
    return Siblings.isOut(subjectsOut, found) ? Admission.MAY_BE_RETRY : Admission.ADMITTED;
  }
}
