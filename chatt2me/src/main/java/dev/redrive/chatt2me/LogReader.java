package dev.redrive.chatt2me;

import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.chatt2me.Chatt2meWire.Page;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the logs of a webhook. */
final class LogReader {
  private final ProviderHttp http;
  private final Chatt2meApi api;
  private final Map<String, AtomicReference<LogOrder>> orders = new ConcurrentHashMap<>();

  LogReader(ProviderHttp http, Chatt2meApi api) {
    this.http = http;
    this.api = api;
  }

  /**
   * Returns the logs of a webhook, read lazily. Logs older than {@code since} may be among them.
   *
   * @param leftOut counts the rows that cannot be read
   */
  Iterator<Recorded<LogRow>> read(
      String id,
      @Nullable String status,
      @Nullable Instant since,
      PagesAhead ahead,
      LeftOutRows leftOut) {
    PageReader<Recorded<LogRow>> pages = pages(id, status);
    return since == null
        ? new OrderedRows(walk(leftOut).begin(pages, ahead), order(id))
        : LogScan.begin(walk(leftOut), pages, order(id), () -> since, ahead);
  }

  private LogScan.Walk walk(LeftOutRows leftOut) {
    return (pages, ahead) -> http.pages(Chatt2meApi.PAGE_SIZE, LogScan::id, pages, ahead, leftOut);
  }

  /**
   * Starts to look for new logs of a webhook by their ids, from the newest log to the oldest. A log
   * may be missed if others are added or deleted meanwhile.
   *
   * @param oldest returns the time before which logs are not needed; null for no bound. Called for
   *     each row
   * @param sought how many of the newest logs are needed
   * @param leftOut counts the rows that cannot be read
   */
  LogScan search(String id, Supplier<@Nullable Instant> oldest, long sought, LeftOutRows leftOut) {
    return LogScan.begin(
        (pages, ahead) -> http.search(Chatt2meApi.PAGE_SIZE, LogScan::id, pages, ahead, leftOut),
        pages(id, null),
        order(id),
        oldest,
        http.pagesAhead(pagesOf(sought)));
  }

  /**
   * Starts a scan of all logs of a webhook, from the newest to the oldest. No log is missed.
   *
   * @param clock gets the provider's clock at the start of the scan, if the provider shows it
   * @param oldest returns the time before which logs are not needed; null for no bound. Called for
   *     each row
   * @param sought how many of the newest logs are needed in any case; 0 if it is not known
   * @param leftOut counts the rows that cannot be read
   */
  LogScan scan(
      String id,
      Consumer<Read.ProviderClock> clock,
      Supplier<@Nullable Instant> oldest,
      long sought,
      LeftOutRows leftOut) {
    PageReader<Recorded<LogRow>> pages =
        (offset, limit) -> {
          Read.Answer<Page<Recorded<LogRow>>> answer =
              api.listLogs(id, offset, limit, null).answer();
          if (offset == 0 && answer.clock() != null) {
            clock.accept(answer.clock());
          }
          return answer.body().neutral();
        };
    return LogScan.begin(walk(leftOut), pages, order(id), oldest, http.pagesAhead(pagesOf(sought)));
  }

  /** Returns how many pages this many logs fill, at least one. */
  private static long pagesOf(long logs) {
    return 1 + Math.max(0, logs - 1) / Chatt2meApi.PAGE_SIZE;
  }

  /** Whether a webhook whose logs are not found was deleted. */
  boolean isGone(String id) {
    try {
      api.readWebhook(id).get();
      return false;
    } catch (NotFoundException e) {
      return true;
    }
  }

  /** Reads how many failed logs the hub counts for a webhook; null if it does not say. */
  @Nullable Long errors(String id) {
    try {
      return api.readWebhook(id).get().numberOfErrors();
    } catch (NotFoundException | MalformedResponseException e) {
      return null;
    }
  }

  /** Returns the order of a webhook's logs, as far as it is known. */
  private AtomicReference<LogOrder> order(String id) {
    return orders.computeIfAbsent(Ids.of(id), webhook -> new AtomicReference<>(LogOrder.UNCLEAR));
  }

  private PageReader<Recorded<LogRow>> pages(String id, @Nullable String status) {
    return (offset, limit) -> api.listLogs(id, offset, limit, status).get().neutral();
  }
}
