package dev.redrive.onlyoffice;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.ProviderHttp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads the portal's logs, newest first. */
final class PortalLogs {
  static final int PAGE_SIZE = 100;

  /** NotSent 1, Status3xx 4, Status4xx 8 and Status5xx 16 of the server's WebhookGroupStatus. */
  private static final int FAILURES = 29;

  /** How much further down each look for the zone goes. */
  private static final int STRIDE = 4;

  private final OnlyOfficeApi api;
  private final ProviderHttp http;
  private final PortalZone zone = new PortalZone();
  private final LogMapper mapper;
  private final @Nullable Integer webhookId;

  /**
   * @param webhookId the webhook to look at where a query names none; null for all of them
   */
  PortalLogs(OnlyOfficeApi api, ProviderHttp http, @Nullable Integer webhookId) {
    this.api = api;
    this.http = http;
    this.mapper = new LogMapper(http, zone);
    this.webhookId = webhookId;
  }

  /** A portal's ids are positive 32-bit integers; null for anything else. */
  static @Nullable Integer parseId(@Nullable String id) {
    try {
      int number = id == null ? 0 : Integer.parseInt(id);
      return number > 0 && Integer.toString(number).equals(id) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  Listing<WebhookLog> logs(DeliveryQuery query) {
    Integer webhook = webhook(query);
    return LeftOutRows.listing(
        leftOut -> {
          return rows(null, webhook, query, leftOut)
              .map(row -> log(row, webhook, query))
              .filter(log -> leftOut.matches(query, log))
              .limit(query.limit())
              .iterator();
        });
  }

  /** Each failed log; marked where a newer log of its event is about to be sent. */
  Listing<FailedDelivery> failures(DeliveryQuery query) {
    Integer webhook = webhook(query);
    return LeftOutRows.listing(
        leftOut -> {
          var open = new OpenEvents();
          return rows(FAILURES, webhook, query, leftOut)
              .map(row -> marked(row, webhook, query, open))
              .filter(log -> hasFailed(log, leftOut))
              .map(FailedDelivery::of)
              .filter(delivery -> leftOut.matches(query, delivery))
              .limit(query.limit())
              .iterator();
        });
  }

  /** One that is listed as failed and whose status nobody can tell is counted. */
  private static boolean hasFailed(WebhookLog log, LeftOutRows leftOut) {
    if (log.status() == DeliveryStatus.UNKNOWN) {
      leftOut.addUnreadable();
    }
    return log.status() == DeliveryStatus.FAILED;
  }

  private WebhookLog marked(
      PortalLog row, @Nullable Integer webhook, DeliveryQuery query, OpenEvents open) {
    WebhookLog log = log(row, webhook, query);
    Instant next = open.look(log);
    return next == null || log.nextRetryAt() != null || zone.decides(row, query)
        ? log
        : mapper.log(row, webhook, next);
  }

  private WebhookLog log(PortalLog row, @Nullable Integer webhook, DeliveryQuery query) {
    return zone.decides(row, query) ? mapper.undated(row, webhook) : mapper.log(row, webhook);
  }

  /**
   * Every log, as {@link #log(PortalLog, Integer)} tells it.
   *
   * @param webhook the webhook to list; null for all of them
   * @param sought how many logs are looked for
   */
  PageReader.Rows<PortalLog> all(@Nullable Integer webhook, int sought, LeftOutRows leftOut) {
    return pages(null, webhook, http.pagesAhead((sought - 1) / PAGE_SIZE + 1), leftOut);
  }

  WebhookLog log(PortalLog row, @Nullable Integer webhook) {
    return mapper.log(row, webhook);
  }

  /** The logs of these ids, one request each; what the portal does not list is left out. */
  Map<Integer, WebhookLog> read(List<Integer> logIds) {
    List<PortalLog> rows =
        http.readEach(logIds, logId -> api.readLog(logId, 1).get()).stream()
            .flatMap(page -> page.logs().stream())
            .filter(Objects::nonNull)
            .toList();
    zone.learn(rows);
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

  /** Reads the first logs for the portal's zone, unless that is known. */
  void learnZone() {
    if (!zone.isKnown()) {
      var unused = new LogPages(null, webhookId).read(0, PAGE_SIZE);
    }
  }

  private Stream<PortalLog> rows(
      @Nullable Integer groupStatus,
      @Nullable Integer webhook,
      DeliveryQuery query,
      LeftOutRows leftOut) {
    var age = new AgeLimit(query.since(), zone);
    Iterator<PortalLog> rows = pages(groupStatus, webhook, http.pagesAhead(query), leftOut);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(rows, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .takeWhile(age::goesOn);
  }

  private PageReader.Rows<PortalLog> pages(
      @Nullable Integer groupStatus,
      @Nullable Integer webhook,
      PagesAhead ahead,
      LeftOutRows leftOut) {
    return http.pages(PAGE_SIZE, PortalLog::id, new LogPages(groupStatus, webhook), ahead, leftOut);
  }

  /** Pages of the list; the first one does not come before the zone is known, if any log tells. */
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
      List<@Nullable PortalLog> rows = page.logs();
      zone.learn(rows);
      return new Page<>(rows, page.total() == null ? -1 : page.total());
    }

    /** The newest logs are all of retries: the older, the fewer. Other payloads never tell. */
    private void lookFurther(Page<PortalLog> first) {
      boolean tells = first.rows().stream().anyMatch(PortalLogs::tellsItsEvent);
      for (long at = PAGE_SIZE; tells && !zone.isKnown() && at < first.total(); at *= STRIDE) {
        readPage((int) at, PAGE_SIZE);
      }
      if (tells && !zone.isKnown() && first.total() > PAGE_SIZE) {
        readPage((int) first.total() - PAGE_SIZE, PAGE_SIZE);
      }
    }
  }

  private @Nullable Integer webhook(DeliveryQuery query) {
    if (query.webhookId() == null) {
      return webhookId;
    }
    Integer asked = parseId(query.webhookId());
    if (asked == null) {
      throw new InvalidRequestException(
          FailedCall.withoutAnswer(
              OnlyOfficeClient.DISPLAY_NAME,
              "list logs",
              "webhook ids are positive numbers here, not \""
                  + ProviderText.clean(query.webhookId(), 40)
                  + '"'),
          null);
    }
    return asked;
  }

  /**
   * Ends a walk after a page's worth of logs that are all older than asked for. That is safe as the
   * portal lists by descending id and gives ids as it records; only the clocks of a cluster's nodes
   * can disturb the order of times, and that for a few neighbours.
   */
  private static final class AgeLimit {
    private final @Nullable Instant since;
    private final PortalZone zone;
    private int olderInARow;

    AgeLimit(@Nullable Instant since, PortalZone zone) {
      this.since = since;
      this.zone = zone;
    }

    boolean goesOn(PortalLog row) {
      Instant latest = since == null ? null : latest(row);
      boolean older = since != null && latest != null && latest.isBefore(since);
      olderInARow = older ? olderInARow + 1 : 0;
      return olderInARow < PAGE_SIZE;
    }

    /** When it was made at the latest. */
    private @Nullable Instant latest(PortalLog row) {
      Instant listed = row.listedTime();
      Duration offset = zone.of(row);
      return listed == null ? null : listed.plus(offset == null ? PortalZone.EASTERNMOST : offset);
    }
  }
}
