package dev.redrive.onlyoffice;

import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import dev.redrive.onlyoffice.OnlyOfficeWire.LogPage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the portal's logs, newest first. */
final class PortalLogs {
  static final int PAGE_SIZE = 100;

  /** The factor by which the offset grows from one read for the zone to the next. */
  private static final int STRIDE = 4;

  private final ProviderHttp http;
  private final OnlyOfficeApi api;
  private final OnlyOfficeMapper mapper;
  private final PortalZone zone;
  private final @Nullable Integer webhookId;

  /**
   * @param webhookId the webhook whose logs are read for the zone; null for those of all webhooks
   */
  PortalLogs(
      ProviderHttp http,
      OnlyOfficeApi api,
      OnlyOfficeMapper mapper,
      PortalZone zone,
      @Nullable Integer webhookId) {
    this.http = http;
    this.api = api;
    this.mapper = mapper;
    this.zone = zone;
    this.webhookId = webhookId;
  }

  /**
   * Returns all logs, to be mapped with {@link #log(PortalLog, Integer)}.
   *
   * @param webhook the webhook to list; null for all
   * @param sought how many logs the caller looks for
   */
  PageReader.Rows<PortalLog> all(@Nullable Integer webhook, int sought, LeftOutRows leftOut) {
    return pages(null, webhook, http.pagesAhead((sought - 1) / PAGE_SIZE + 1), leftOut);
  }

  WebhookLog log(PortalLog row, @Nullable Integer webhook) {
    return mapper.log(row, webhook);
  }

  /** Reads logs by id, with one request each. Logs that the portal does not show are left out. */
  Map<Integer, WebhookLog> read(List<Integer> logIds) {
    List<PortalLog> rows =
        http.readEach(logIds, logId -> api.readLog(logId, 1).get()).stream()
            .flatMap(page -> PortalLog.listed(page).stream())
            .filter(Objects::nonNull)
            .toList();
    // They may all be retries: only the list shows the zone.
    if (rows.stream().anyMatch(PortalLogs::tellsItsEvent)) {
      learnZone();
    }
    Map<Integer, WebhookLog> found = new HashMap<>();
    rows.forEach(row -> found.put(row.row().id(), mapper.log(row, null)));
    return found;
  }

  private static boolean tellsItsEvent(@Nullable PortalLog row) {
    return row != null && row.payload().happenedAt() != null;
  }

  PortalZone zone() {
    return zone;
  }

  /** Reads the first page to learn the portal's zone, unless it is known. */
  void learnZone() {
    if (!zone.isKnown()) {
      var unused = new LogPages(null, webhookId).read(0, PAGE_SIZE);
    }
  }

  /** Returns the logs of a status group and a webhook; null for all of them. */
  PageReader.Rows<PortalLog> pages(
      @Nullable Integer groupStatus,
      @Nullable Integer webhook,
      PagesAhead ahead,
      LeftOutRows leftOut) {
    return http.pages(PAGE_SIZE, PortalLog::id, new LogPages(groupStatus, webhook), ahead, leftOut);
  }

  /** Pages of the list. The first page is returned after the zone is known, if any log shows it. */
  private final class LogPages implements PageReader<PortalLog> {
    private final @Nullable Integer groupStatus;
    private final @Nullable Integer webhook;

    LogPages(@Nullable Integer groupStatus, @Nullable Integer webhook) {
      this.groupStatus = groupStatus;
      this.webhook = webhook;
    }

    @Override
    public Page<PortalLog> read(int offset, int limit) {
      Page<PortalLog> page = readPage(offset, limit);
      if (offset == 0 && !zone.isKnown()) {
        lookFurther(page);
      }
      return page;
    }

    private Page<PortalLog> readPage(int offset, int limit) {
      LogPage page = api.listLogs(groupStatus, webhook, offset, limit).get();
      List<@Nullable PortalLog> rows = PortalLog.listed(page);
      zone.learn(rows);
      return new Page<>(rows, page.total() == null ? -1 : page.total());
    }

    /**
     * Looks for the zone in older pages. The newest logs may all be retries, which do not show it;
     * older pages have fewer retries.
     */
    private void lookFurther(Page<PortalLog> first) {
      boolean tells = first.rows().stream().anyMatch(PortalLogs::tellsItsEvent);
      for (long at = PAGE_SIZE; tells && !zone.isKnown() && at < first.total(); at *= STRIDE) {
        readPage((int) at, PAGE_SIZE);
      }
      if (tells && !zone.isKnown() && first.total() > PAGE_SIZE) {
        readPage((int) first.total() - PAGE_SIZE, PAGE_SIZE);
      }
      zone.settle();
    }
  }
}
