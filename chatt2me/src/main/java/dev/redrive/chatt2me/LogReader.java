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
   * The logs of a webhook, lazily; older ones than {@code since} may be among them.
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
        ? http.pages(Chatt2meApi.PAGE_SIZE, LogScan::id, pages, ahead, leftOut)
        : LogScan.begin(http, pages, order(id), () -> since, ahead, leftOut);
  }

  /**
   * Begins to look through all logs of a webhook, from the newest on.
   *
   * @param clock is told what the provider's clock shows as the scan begins, if it tells
   * @param oldest logs older than this are of no use; null for no bound. Asked for each row
   * @param sought the least number of newest logs that will be needed; 0 if it is not known
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
    PagesAhead ahead = http.pagesAhead(pagesOf(sought));
    return LogScan.begin(http, pages, order(id), oldest, ahead, leftOut);
  }

  /** Pages that so many logs fill, each but the first with one of the page before. */
  private static long pagesOf(long logs) {
    return logs == 0 ? 0 : 1 + Math.max(0, logs - 2) / (Chatt2meApi.PAGE_SIZE - 1);
  }

  /** Whether a webhook whose logs are not found is itself no longer there. */
  boolean isGone(String id) {
    try {
      api.readWebhook(id).get();
      return false;
    } catch (NotFoundException e) {
      return true;
    }
  }

  /** How many failed logs the hub counts at a webhook; null if it does not tell. */
  @Nullable Long errors(String id) {
    try {
      return api.readWebhook(id).get().numberOfErrors();
    } catch (NotFoundException | MalformedResponseException e) {
      return null;
    }
  }

  /** The order of a webhook's logs, as far as it was told. */
  private AtomicReference<LogOrder> order(String id) {
    return orders.computeIfAbsent(Ids.of(id), webhook -> new AtomicReference<>(LogOrder.UNCLEAR));
  }

  private PageReader<Recorded<LogRow>> pages(String id, @Nullable String status) {
    return (offset, limit) -> api.listLogs(id, offset, limit, status).get().neutral();
  }
}
