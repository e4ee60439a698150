package dev.redrive.chatt2me;

import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.chatt2me.Chatt2meWire.Page;
import dev.redrive.chatt2me.Chatt2meWire.WebhookRow;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Read;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the application's webhooks and their logs. */
final class LogReader {
  private final ProviderHttp http;
  private final Chatt2meApi api;
  private final @Nullable String webhookId;
  private final Map<String, AtomicReference<LogOrder>> orders = new ConcurrentHashMap<>();

  /**
   * @param webhookId the one webhook that the client is set to; null for all
   */
  LogReader(ProviderHttp http, Chatt2meApi api, @Nullable String webhookId) {
    this.http = http;
    this.api = api;
    this.webhookId = webhookId;
  }

  Listing<WebhookRow> webhooks() {
    return LeftOutRows.listing(this::webhooks);
  }

  private Iterator<WebhookRow> webhooks(LeftOutRows leftOut) {
    return http.pages(
        Chatt2meClient.PAGE_SIZE,
        WebhookRow::id,
        (offset, limit) -> neutral(api.listWebhooks(offset, limit).get()),
        http.pagesAhead(DeliveryQuery.all()),
        leftOut);
  }

  /** The webhook asked for, else the one that the client is set to, else all, as they are read. */
  Iterator<LogSource> sources(@Nullable String asked, LeftOutRows leftOut) {
    String only = asked != null ? asked : webhookId;
    return only != null
        ? List.of(LogSource.named(checked(only, "list logs"))).iterator()
        : new Sources(webhooks(leftOut));
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
        ? http.pages(Chatt2meClient.PAGE_SIZE, LogScan::id, pages, ahead, leftOut)
        : LogScan.begin(http, pages, order(id), () -> since, ahead, leftOut);
  }

  /**
   * Begins to look through all logs of a webhook, from the newest on.
   *
   * @param clock is told what the provider's clock shows as the scan begins, if it tells
   * @param oldest logs older than this are of no use; null for no bound. Asked for each row
   * @param sought how many logs are looked for that are surely the newest; 0 if nobody knows
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
          return neutral(answer.body());
        };
    PagesAhead ahead = http.pagesAhead(pagesOf(sought));
    return LogScan.begin(http, pages, order(id), oldest, ahead, leftOut);
  }

  /** Pages that so many logs fill, each but the first with one of the page before. */
  private static long pagesOf(long logs) {
    return logs == 0 ? 0 : 1 + Math.max(0, logs - 2) / (Chatt2meClient.PAGE_SIZE - 1);
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
    return (offset, limit) -> neutral(api.listLogs(id, offset, limit, status).get());
  }

  private static <T> PageReader.Page<T> neutral(Page<T> page) {
    return new PageReader.Page<>(page.data(), page.total());
  }

  /** The webhooks, each when its turn comes. */
  private record Sources(Iterator<WebhookRow> rows) implements Iterator<LogSource> {
    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public LogSource next() {
      return LogSource.of(Chatt2meMapper.webhook(rows.next()));
    }
  }

  /** A webhook's id, which goes into a path. */
  static String checked(String id, String operation) {
    if (!ClientBuilder.isUuid(id)) {
      throw new InvalidRequestException(
          FailedCall.withoutAnswer(
              Chatt2meClient.DISPLAY_NAME, operation, "the webhook id is not a UUID"),
          null);
    }
    return id;
  }
}
