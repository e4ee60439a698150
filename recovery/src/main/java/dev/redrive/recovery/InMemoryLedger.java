package dev.redrive.recovery;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that lasts as long as the process: for tests and trials. After a crash, and in another
 * process, nothing is known of what was sent.
 */
public final class InMemoryLedger implements RetryLedger {
  private static final int PAGE = 500;

  private final Map<String, MemoryRun> runs = new LinkedHashMap<>();
  private final List<MemoryDelivery> deliveries = new ArrayList<>();
  private final Map<Named, MemoryDelivery> byLineage = new HashMap<>();
  private final Map<Named, MemoryDelivery> byRetryLog = new HashMap<>();
  private final Map<Subject, List<MemoryDelivery>> bySubject = new HashMap<>();
  private final SubjectsOut out = new SubjectsOut();

  /** What deliveries may have in common whose lineage is not told. */
  record Subject(Account account, @Nullable String webhookId, @Nullable String eventId) {}

  /** A lineage or a log within its account. */
  private record Named(Account account, String name) {}

  @Override
  public synchronized void begin(LedgerRun run, Instant leaseUntil) {
    if (runs.putIfAbsent(run.id(), new MemoryRun(run, leaseUntil, deliveries, out)) != null) {
      throw new IllegalArgumentException("Run " + run.id() + " has begun already");
    }
  }

  @Override
  public synchronized boolean renew(String run, Instant leaseUntil) {
    return run(run).renew(leaseUntil);
  }

  @Override
  public synchronized void approve(String run) {
    run(run).approve();
  }

  @Override
  public synchronized void finish(
      String run, Instant endedAt, RecoveryReport.End end, DeliveryCounts counts) {
    run(run).finish(endedAt, end, counts);
  }

  @Override
  public synchronized long takeOver(String run, Account account, Instant now) {
    MemoryRun heir = run(run);
    long taken = 0;
    for (MemoryRun dead : runs.values()) {
      if (dead != heir && !dead.isAlive(now)) {
        taken += dead.leaveUnsettled(account, heir, now);
      }
    }
    return taken;
  }

  @Override
  public synchronized List<Admission> admit(
      String run, List<FailedDelivery> found, Round round, Instant now) {
    MemoryRun admitting = run(run);
    return found.stream().map(failed -> admit(admitting, failed, round, now)).toList();
  }

  private Admission admit(MemoryRun run, FailedDelivery found, Round round, Instant now) {
    MemoryDelivery named = byLineage.get(lineage(found));
    MemoryDelivery known = resolve(named, found);
    if (known == null) {
      if (out.contains(MemoryDelivery.subject(found))) {
        return Admission.OTHER_RUN;
      }
      var added = new MemoryDelivery(deliveries.size(), found, run);
      deliveries.add(added);
      byLineage.put(lineage(found), added);
      if (added.subject() != null) {
        bySubject.computeIfAbsent(added.subject(), subject -> new ArrayList<>()).add(added);
      }
      return Admission.ADMITTED;
    }
    Admission admission = known.admission(run, found, round, now);
    if (admission == Admission.ADMITTED) {
      known.queueFor(run, found);
    } else if (admission == Admission.IN_THIS_RUN && known == named) {
      known.listed(found);
    }
    known.keepNewer(found);
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }

  @Override
  public synchronized List<Admission> preview(
      List<FailedDelivery> found, Round round, Instant now, Predicate<String> isFirst) {
    return found.stream().map(failed -> preview(failed, round, now, isFirst)).toList();
  }

  private Admission preview(
      FailedDelivery found, Round round, Instant now, Predicate<String> isFirst) {
    MemoryDelivery named = byLineage.get(lineage(found));
    MemoryDelivery known = resolve(named, found);
    if (known == null && out.contains(MemoryDelivery.subject(found))) {
      return Admission.OTHER_RUN;
    }
    Admission admission =
        known == null ? Admission.ADMITTED : known.admission(null, found, round, now);
    boolean counts =
        admission == Admission.ADMITTED || (admission == Admission.IN_THIS_RUN && known == named);
    if (counts && !isFirst.test(known == null ? found.lineage() : known.name())) {
      admission = Admission.EARLIER_ATTEMPT;
    }
    return known == named ? admission : LedgerEntry.ofRetryLog(admission);
  }

  @Override
  public void leftQueued(Account account, Instant now, Predicate<List<LedgerEntry>> reader) {
    List<LedgerEntry> left = leftQueued(account, now);
    boolean goesOn = true;
    for (int from = 0; from < left.size() && goesOn; from += PAGE) {
      goesOn = reader.test(left.subList(from, Math.min(from + PAGE, left.size())));
    }
  }

  private synchronized List<LedgerEntry> leftQueued(Account account, Instant now) {
    return runs.values().stream()
        .filter(run -> !run.isAlive(now))
        .flatMap(run -> run.approvedWaiting(account).stream())
        .map(MemoryDelivery::entry)
        .toList();
  }

  @Override
  public synchronized List<Holder> holders(Account account, Instant now) {
    return runs.values().stream()
        .filter(run -> run.isAlive(now) && run.holdsAnyOpen(account))
        .map(run -> new Holder(run.info().id(), run.leaseUntil()))
        .toList();
  }

  /** The delivery that a log belongs to, given the one that has its lineage. */
  private @Nullable MemoryDelivery resolve(@Nullable MemoryDelivery named, FailedDelivery found) {
    if (named != null && named.state() != DeliveryState.JOINED) {
      return named;
    }
    var log = new Named(Account.of(found.key()), found.latest().logId());
    return byRetryLog.getOrDefault(log, named);
  }

  @Override
  public synchronized List<LedgerEntry> claim(
      String run, Account account, Grouping grouping, int most, Instant now) {
    MemoryRun claiming = run(run);
    if (!claiming.isAlive(now)) {
      return List.of();
    }
    List<MemoryDelivery> oldest = claiming.oldest(account, grouping, most);
    oldest.forEach(delivery -> delivery.claim(now));
    return entries(oldest);
  }

  @Override
  public synchronized Map<Long, List<String>> logsOfSiblings(List<LedgerEntry> entries) {
    Set<Long> asked = entries.stream().map(LedgerEntry::id).collect(Collectors.toSet());
    Map<Subject, List<String>> bySubjectAsked = new HashMap<>();
    Map<Long, List<String>> logs = new HashMap<>();
    for (LedgerEntry entry : entries) {
      Subject subject = delivery(entry).subject();
      List<String> others =
          subject == null
              ? List.of()
              : bySubjectAsked.computeIfAbsent(subject, s -> logsOf(s, asked));
      if (!others.isEmpty()) {
        logs.put(entry.id(), others);
      }
    }
    return logs;
  }

  private List<String> logsOf(Subject subject, Set<Long> except) {
    return bySubject.getOrDefault(subject, List.of()).stream()
        .filter(sibling -> !except.contains(sibling.entry().id()))
        .flatMap(sibling -> sibling.logIds().stream())
        .toList();
  }

  @Override
  public synchronized void record(
      String run, List<LedgerEntry> claimed, List<RetryResult> results) {
    MemoryRun recording = run(run);
    requireSameSize(claimed, results);
    for (int i = 0; i < claimed.size(); i++) {
      LedgerEntry entry = claimed.get(i);
      RetryResult result = results.get(i);
      MemoryDelivery delivery = delivery(entry);
      if (result.newLogId() != null) {
        join(delivery, result.newLogId(), result.newLogId());
      }
      if (entry.state() == DeliveryState.SENDING && delivery.isStill(entry, recording)) {
        delivery.record(result);
      }
    }
  }

  @Override
  public synchronized List<LedgerEntry> unsettled(
      String run, Account account, long afterId, int most) {
    return entries(run(run).worthAsking(account, afterId, most));
  }

  @Override
  public synchronized void settle(
      String run, List<LedgerEntry> entries, List<RetryOutcome> outcomes, Instant now) {
    MemoryRun settling = run(run);
    requireSameSize(entries, outcomes);
    for (int i = 0; i < entries.size(); i++) {
      LedgerEntry entry = entries.get(i);
      RetryOutcome outcome = outcomes.get(i);
      MemoryDelivery delivery = delivery(entry);
      WebhookLog log = outcome.log();
      if (log != null) {
        join(delivery, log.logId(), log.lineage());
      }
      if (entry.state().isUnsettled() && delivery.isStill(entry, settling)) {
        delivery.settle(outcome, now);
      }
    }
  }

  /** A log that a retry made is known from now on, even if it was listed as a failure before. */
  private void join(MemoryDelivery delivery, String logId, String lineage) {
    boolean isNew = delivery.addLog(logId);
    // Under the name of a log that is known, nothing was admitted since.
    if (!isNew && lineage.equals(logId)) {
      return;
    }
    Account account = delivery.account();
    if (isNew && !logId.equals(delivery.logId())) {
      byRetryLog.putIfAbsent(new Named(account, logId), delivery);
    }
    if (lineage.equals(delivery.name())) {
      return;
    }
    MemoryDelivery listed = byLineage.get(new Named(account, lineage));
    if (listed != null) {
      listed.joinIfWaiting();
    }
  }

  @Override
  public synchronized Map<DeliveryState, Long> counts(String run) {
    return run(run).counts();
  }

  @Override
  public synchronized Map<DeliveryState, Long> counts(String run, Account account) {
    return run(run).counts(account);
  }

  @Override
  public synchronized Instant oldestClaimOfOthers(String run, Account account, Instant now) {
    MemoryRun asking = run(run);
    return runs.values().stream()
        .filter(other -> other != asking && other.isAlive(now))
        .map(other -> other.oldestClaim(account))
        .min(Comparator.naturalOrder())
        .orElse(Instant.MAX);
  }

  @Override
  public synchronized List<LedgerRun> runs(int most) {
    List<LedgerRun> infos = new ArrayList<>();
    runs.values().forEach(run -> infos.add(0, run.info()));
    return List.copyOf(infos.subList(0, Math.min(most, infos.size())));
  }

  @Override
  public void entries(String run, Consumer<LedgerEntry> reader) {
    heldBy(run).forEach(reader);
  }

  private synchronized List<LedgerEntry> heldBy(String run) {
    MemoryRun holder = run(run);
    return entries(deliveries.stream().filter(d -> d.holder() == holder).toList());
  }

  @Override
  public void close() {}

  private MemoryRun run(String id) {
    MemoryRun run = runs.get(id);
    if (run == null) {
      throw new IllegalArgumentException("Run " + id + " never began");
    }
    return run;
  }

  private MemoryDelivery delivery(LedgerEntry entry) {
    return deliveries.get(MemoryDelivery.index(entry.id()));
  }

  private static Named lineage(FailedDelivery found) {
    return new Named(Account.of(found.key()), found.lineage());
  }

  private static List<LedgerEntry> entries(List<MemoryDelivery> deliveries) {
    return deliveries.stream().map(MemoryDelivery::entry).toList();
  }

  private static void requireSameSize(List<?> entries, List<?> answers) {
    if (entries.size() != answers.size()) {
      throw new IllegalArgumentException(
          entries.size() + " entries, but " + answers.size() + " answers: give one for each");
    }
  }
}
