package dev.redrive.chatt2me;

import dev.redrive.NotFoundException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
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
 * Looks in one webhook's logs for what all of its retries left there, in a single scan. A retry
 * whose new log was named is settled once that log is read. The others take the whole scan: any
 * further log may be another candidate.
 */
final class LogSearch {
  private final ProviderHttp http;
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
  private long openByNewLog;
  private long openByEvidence;

  /** The rows that may be a new attempt, as nobody can read what they are. */
  private final LeftOutRows unreadable = new LeftOutRows();

  LogSearch(
      ProviderHttp http,
      LogReader reader,
      Chatt2meMapper mapper,
      String webhookId,
      KnownLogs known,
      Consumer<List<RetryOutcome>> handOver) {
    this.http = http;
    this.reader = reader;
    this.mapper = mapper;
    this.webhookId = webhookId;
    this.known = known;
    this.handOver = handOver;
  }

  /** One request to retry one log: the same result given twice is one retry. */
  private record Retry(String logId, Instant requestedAt) {}

  /** A result whose outcome is not handed over yet. */
  private record Asked(RetryResult result, Trace trace) {}

  /** Hands over what became of retries of this webhook's logs. */
  void run(List<RetryResult> results) {
    results.forEach(result -> asked.add(new Asked(result, trace(result))));
    openByNewLog = byNewLog.size();
    openByEvidence = byEvidence.size();
    scan();
    if (unreadable.soFar().unreadable() > 0) {
      byEvidence.values().forEach(Trace::missesRows);
    }
    weigh();
    handOver(one -> true);
  }

  /** Hands over also nothing: other webhooks may have found something meanwhile. */
  private void handOver(Predicate<Trace> which) {
    var outcomes = new ArrayList<RetryOutcome>();
    asked.removeIf(
        one -> which.test(one.trace()) && outcomes.add(one.trace().outcome(one.result())));
    handOver.accept(outcomes);
  }

  private Trace trace(RetryResult result) {
    String newLogId = result.newLogId();
    if (newLogId == null) {
      return byEvidence.computeIfAbsent(
          new Retry(Ids.of(result.delivery()), result.requestedAt()), retry -> unnamed(result));
    }
    Trace trace = begin(result);
    byNewLog.computeIfAbsent(Ids.of(newLogId), id -> new ArrayList<>(1)).add(trace);
    return trace;
  }

  private Trace unnamed(RetryResult result) {
    Trace trace = begin(result);
    String messageId = trace.messageId();
    (messageId == null
            ? withoutMessage
            : byMessage.computeIfAbsent(messageId, id -> new ArrayList<>()))
        .add(trace);
    return trace;
  }

  private Trace begin(RetryResult result) {
    Instant startedAt =
        result.startedAt() != null
            ? result.startedAt()
            : result.requestedAt().minus(http.requestTimeout());
    var trace = new Trace(mapper, webhookId, result, startedAt, http.hasSettled(result));
    oldestFirst.add(trace);
    return trace;
  }

  /** Logs older than this tell nothing more; null if any may. */
  private @Nullable Instant oldest() {
    while (oldestOpen < oldestFirst.size() && oldestFirst.get(oldestOpen).isDecided()) {
      oldestOpen++;
    }
    return oldestOpen == oldestFirst.size() ? Instant.MAX : oldestFirst.get(oldestOpen).after();
  }

  /** Reads until all is found or the rest is too old. */
  private void scan() {
    oldestFirst.sort(
        Comparator.comparing(Trace::after, Comparator.nullsFirst(Comparator.naturalOrder())));
    try {
      LogScan scan = reader.scan(webhookId, this::dated, this::oldest, openByNewLog, unreadable);
      while (openByNewLog + openByEvidence > 0 && scan.hasNext()) {
        look(scan.next());
        if (!scan.isNextAtHand()) {
          handOver(Trace::isFound);
        }
      }
    } catch (NotFoundException e) {
      if (!reader.isGone(webhookId)) {
        throw e;
      }
      // A webhook that is gone took its logs with it.
      oldestFirst.forEach(trace -> trace.giveUp(e.summary()));
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
    List<Trace> ofThisLog = byNewLog.getOrDefault(id, List.of());
    ofThisLog.forEach(trace -> trace.found(log));
    openByNewLog -= ofThisLog.isEmpty() ? 0 : 1;
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

  /** Lets each log be evidence for one retry only, for the first one that it fits. */
  private void weigh() {
    var claimed = new HashSet<String>();
    byEvidence.values().forEach(trace -> trace.claim(claimed));
  }
}
