package dev.redrive.chatt2me;

import dev.redrive.NotFoundException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.Question;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the new attempts of all retries of one webhook in its logs, in a single scan. A retry
 * whose response named the new log is settled when that log is read. The other retries are settled
 * after the whole scan, because each further log may be another candidate.
 */
final class LogSearch {
  private final LogReader reader;
  private final Chatt2meMapper mapper;
  private final String webhookId;
  private final KnownLogs known;
  private final Consumer<List<RetryOutcome>> handOver;
  private final List<Asked> asked = new ArrayList<>();
  private final Map<String, List<Trace>> byNewLog = new HashMap<>();
  private final Map<Retry, Trace> byEvidence = new LinkedHashMap<>();
  private final Map<String, List<Trace>> byMessage = new HashMap<>();
  private final List<Trace> withoutMessage = new ArrayList<>();
  private final List<Trace> oldestFirst = new ArrayList<>();
  private int oldestOpen;
  private long openByEvidence;

  /** Unreadable rows. Each of them may be a new attempt. */
  private final LeftOutRows unreadable = new LeftOutRows();

  LogSearch(
      LogReader reader,
      Chatt2meMapper mapper,
      String webhookId,
      KnownLogs known,
      Consumer<List<RetryOutcome>> handOver) {
    this.reader = reader;
    this.mapper = mapper;
    this.webhookId = webhookId;
    this.known = known;
    this.handOver = handOver;
  }

  /** Identifies a retry, so that a result that occurs twice counts as one retry. */
  private record Retry(String logId, Instant requestedAt) {}

  /** A result whose outcome was not passed on yet. */
  private record Asked(Question question, Trace trace) {}

  /** Passes on the outcomes of retries of this webhook's logs. */
  void run(List<Question> questions) {
    questions.forEach(question -> asked.add(new Asked(question, trace(question))));
    openByEvidence = byEvidence.size();
    scan();
    if (unreadable.soFar().unreadable() > 0) {
      byEvidence.values().forEach(Trace::missesRows);
    }
    weigh();
    handOver(one -> true);
  }

  /** Passes on even an empty list, so that what other webhooks' threads found is passed on, too. */
  private void handOver(Predicate<Trace> which) {
    var outcomes = new ArrayList<RetryOutcome>();
    asked.removeIf(
        one -> which.test(one.trace()) && outcomes.add(one.trace().outcome(one.question())));
    handOver.accept(outcomes);
  }

  private Trace trace(Question question) {
    RetryResult result = question.result();
    String newLogId = result.newLogId();
    if (newLogId == null) {
      return byEvidence.computeIfAbsent(
          new Retry(Ids.of(result.delivery()), result.requestedAt()), retry -> unnamed(question));
    }
    Trace trace = begin(question);
    byNewLog.computeIfAbsent(Ids.of(newLogId), id -> new ArrayList<>(1)).add(trace);
    return trace;
  }

  private Trace unnamed(Question question) {
    Trace trace = begin(question);
    String messageId = trace.messageId();
    (messageId == null
            ? withoutMessage
            : byMessage.computeIfAbsent(messageId, id -> new ArrayList<>()))
        .add(trace);
    return trace;
  }

  private Trace begin(Question question) {
    var trace = new Trace(mapper, webhookId, question);
    oldestFirst.add(trace);
    return trace;
  }

  /** Returns the time before which logs are no evidence; null if there is no bound. */
  private @Nullable Instant oldest() {
    while (oldestOpen < oldestFirst.size() && oldestFirst.get(oldestOpen).isDecided()) {
      oldestOpen++;
    }
    return oldestOpen == oldestFirst.size() ? Instant.MAX : oldestFirst.get(oldestOpen).after();
  }

  /**
   * Reads until everything is found or the remaining logs are too old. What a search by ids did not
   * find may have been missed, because rows moved: it is looked for once more.
   */
  private void scan() {
    oldestFirst.sort(
        Comparator.comparing(Trace::after, Comparator.nullsFirst(Comparator.naturalOrder())));
    try {
      if (openByEvidence == 0) {
        look(reader.search(webhookId, this::oldest, byNewLog.size(), unreadable));
      }
      if (isOpen()) {
        look(reader.scan(webhookId, this::dated, this::oldest, byNewLog.size(), unreadable));
      }
    } catch (NotFoundException e) {
      if (!reader.isGone(webhookId)) {
        throw e;
      }
      // The logs of a deleted webhook cannot be read.
      oldestFirst.forEach(trace -> trace.giveUp(e.summary()));
    }
  }

  private boolean isOpen() {
    return openByEvidence > 0 || !byNewLog.isEmpty();
  }

  private void look(LogScan scan) {
    while (isOpen() && scan.hasNext()) {
      look(scan.next());
      if (!scan.isNextAtHand()) {
        handOver(Trace::isFound);
      }
    }
  }

  private void dated(Read.ProviderClock clock) {
    byEvidence.values().forEach(trace -> trace.dated(clock));
  }

  private void look(Recorded<LogRow> log) {
    LogRow row = log.value();
    if (row.hidesMessage()) {
      unreadable.addUnreadable();
    }
    String id = Ids.of(row.id());
    List<Trace> ofThisLog = byNewLog.remove(id);
    if (ofThisLog != null) {
      ofThisLog.forEach(trace -> trace.found(log));
    }
    if (openByEvidence == 0) {
      return;
    }
    List<Trace> ofSameMessage =
        row.messageId() == null
            ? withoutMessage
            : byMessage.getOrDefault(row.messageId(), List.of());
    ofSameMessage.forEach(trace -> offer(trace, log));
  }

  private void offer(Trace trace, Recorded<LogRow> log) {
    if (!trace.isDecided() && !known.contains(Ids.of(log.value().id()), trace.requestedAt())) {
      trace.offer(log);
      openByEvidence -= trace.isDecided() ? 1 : 0;
    }
  }

  /** Each log is evidence for one retry only: for the first that it matches. */
  private void weigh() {
    var claimed = new HashSet<String>();
    byEvidence.values().forEach(trace -> trace.claim(claimed));
  }
}
