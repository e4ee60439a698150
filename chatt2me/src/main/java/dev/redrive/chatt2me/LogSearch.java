package dev.redrive.chatt2me;

import dev.redrive.NotFoundException;
import dev.redrive.RetryResult;
import dev.redrive.chatt2me.Wire.LogRow;
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
import org.jspecify.annotations.Nullable;

/** Looks in one webhook's logs for what all of its retries left there, in a single scan. */
final class LogSearch {
  /** So many logs looked at in vain make one more worth reading ahead. */
  private static final int IN_VAIN_SHARE = 4;

  private final LogReader reader;
  private final Mapper mapper;
  private final String webhookId;
  private final KnownLogs known;
  private final Map<Retry, Trace> traces = new LinkedHashMap<>();
  private final Map<String, List<Trace>> byNewLog = new HashMap<>();
  private final Map<String, List<Trace>> byMessage = new HashMap<>();
  private final List<Trace> withoutMessage = new ArrayList<>();
  private final List<Trace> oldestFirst = new ArrayList<>();
  private int oldestOpen;
  private long openByNewLog;
  private long openByEvidence;
  private long inVain;

  LogSearch(LogReader reader, Mapper mapper, String webhookId, KnownLogs known) {
    this.reader = reader;
    this.mapper = mapper;
    this.webhookId = webhookId;
    this.known = known;
  }

  /** One request to retry one log: the same result given twice is one retry. */
  private record Retry(String logId, @Nullable String newLogId, Instant requestedAt) {}

  Trace add(RetryResult result, Instant startedAt, boolean settled) {
    var retry = new Retry(Ids.of(result.delivery()), result.newLogId(), result.requestedAt());
    return traces.computeIfAbsent(
        retry, r -> index(new Trace(mapper, webhookId, result, startedAt, settled)));
  }

  private Trace index(Trace trace) {
    oldestFirst.add(trace);
    String newLogId = trace.newLogId();
    if (newLogId != null) {
      byNewLog.computeIfAbsent(newLogId, id -> new ArrayList<>()).add(trace);
      openByNewLog++;
      return trace;
    }
    openByEvidence++;
    String messageId = trace.messageId();
    (messageId == null
            ? withoutMessage
            : byMessage.computeIfAbsent(messageId, id -> new ArrayList<>()))
        .add(trace);
    return trace;
  }

  /** Logs older than this tell nothing more; null if any may. */
  @Nullable Instant oldest() {
    while (oldestOpen < oldestFirst.size() && oldestFirst.get(oldestOpen).isDecided()) {
      oldestOpen++;
    }
    return oldestOpen == oldestFirst.size() ? Instant.MAX : oldestFirst.get(oldestOpen).after();
  }

  /**
   * How many more logs must be looked at, at least: each is another one, and where none was among
   * the latest, others lie on top of them.
   */
  long wanted() {
    return openByEvidence > 0 ? Long.MAX_VALUE : openByNewLog + inVain / IN_VAIN_SHARE;
  }

  /** Reads until all is found or the rest is too old. */
  void run() {
    oldestFirst.sort(
        Comparator.comparing(Trace::after, Comparator.nullsFirst(Comparator.naturalOrder())));
    try {
      LogScan scan = reader.scan(webhookId, this::dated, this::oldest, this::wanted, openByNewLog);
      while (openByNewLog + openByEvidence > 0 && scan.hasNext()) {
        look(scan.next());
      }
    } catch (NotFoundException e) {
      if (!reader.isGone(webhookId)) {
        throw e;
      }
      // A webhook that is gone took its logs with it.
      traces.values().forEach(trace -> trace.giveUp(e.summary()));
    }
  }

  private void dated(Read.ProviderClock clock) {
    traces.values().forEach(trace -> trace.dated(clock));
  }

  private void look(Recorded<LogRow> log) {
    LogRow row = log.value();
    String id = Ids.of(row.id());
    List<Trace> ofThisLog = byNewLog.getOrDefault(id, List.of());
    for (Trace trace : ofThisLog) {
      trace.found(log);
      openByNewLog--;
    }
    inVain = ofThisLog.isEmpty() ? inVain + 1 : 0;
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
  void weigh() {
    var claimed = new HashSet<String>();
    traces.values().forEach(trace -> trace.claim(claimed));
  }
}
