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
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import dev.redrive.http.SeenIds;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the portal's logs, newest first. */
final class PortalLogs {
  static final int PAGE_SIZE = 100;

  /** NotSent 1, Status3xx 4, Status4xx 8 and Status5xx 16 of the server's WebhookGroupStatus. */
  private static final int FAILURES = 29;

  private final OnlyOfficeApi api;
  private final ProviderHttp http;
  private final LogMapper mapper;
  private final @Nullable Integer webhookId;

  /**
   * @param webhookId the webhook to look at where a query names none; null for all of them
   */
  PortalLogs(OnlyOfficeApi api, ProviderHttp http, @Nullable Integer webhookId) {
    this.api = api;
    this.http = http;
    this.mapper = new LogMapper(http);
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
    return () -> {
      var left = new AtomicLong(query.limit());
      return rows(null, webhook, query, left::get)
          .filter(query::matches)
          .limit(query.limit())
          .peek(log -> left.decrementAndGet())
          .iterator();
    };
  }

  /**
   * The newest log of an event speaks for it: its older logs stay failed for ever after a retry,
   * and none of them needs one while the newest waits, is being sent or retried by the portal.
   */
  Listing<FailedDelivery> failures(DeliveryQuery query) {
    Integer webhook = webhook(query);
    return () -> {
      var left = new AtomicLong(query.limit());
      var events = new SeenIds();
      return rows(FAILURES, webhook, query, left::get)
          .filter(log -> events.add(log.lineage()))
          .filter(log -> log.status() == DeliveryStatus.FAILED)
          .map(FailedDelivery::of)
          .filter(query::matches)
          .limit(query.limit())
          .peek(delivery -> left.decrementAndGet())
          .iterator();
    };
  }

  /**
   * Every log.
   *
   * @param webhook the webhook to list; null for all of them
   * @param wanted how many more rows are sure to be asked for
   */
  Listing<WebhookLog> all(@Nullable Integer webhook, LongSupplier wanted) {
    return () -> pages(null, webhook, wanted).map(row -> mapper.log(row, webhook)).iterator();
  }

  /** The logs of these ids, one request each; what the portal does not list is left out. */
  Map<Integer, WebhookLog> read(List<Integer> logIds) {
    Map<Integer, WebhookLog> found = new HashMap<>();
    http.readEach(logIds, logId -> api.readLog(logId, 1).get())
        .forEach(
            page -> {
              for (Recorded<LogRow> row : page.response()) {
                found.put(row.value().id(), mapper.log(row, null));
              }
            });
    return found;
  }

  private Stream<WebhookLog> rows(
      @Nullable Integer groupStatus,
      @Nullable Integer webhook,
      DeliveryQuery query,
      LongSupplier wanted) {
    var age = new AgeLimit(query.since());
    return pages(groupStatus, webhook, () -> age.nearsEnd() ? 0 : wanted.getAsLong())
        .takeWhile(age::goesOn)
        .map(row -> mapper.log(row, webhook));
  }

  private Stream<Recorded<LogRow>> pages(
      @Nullable Integer groupStatus, @Nullable Integer webhook, LongSupplier wanted) {
    Listing<Recorded<LogRow>> rows =
        LeftOutRows.listing(
            leftOut ->
                http.pages(
                    PAGE_SIZE,
                    LogMapper::id,
                    (offset, limit) ->
                        api.listLogs(groupStatus, webhook, offset, limit).get().page(),
                    wanted,
                    0,
                    leftOut));
    return rows.stream();
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
    private int olderInARow;

    AgeLimit(@Nullable Instant since) {
      this.since = since;
    }

    boolean goesOn(Recorded<LogRow> row) {
      Instant created = since == null ? null : ProviderTime.parse(row.value().creationTime());
      boolean older = since != null && created != null && created.isBefore(since);
      olderInARow = older ? olderInARow + 1 : 0;
      return olderInARow < PAGE_SIZE;
    }

    boolean nearsEnd() {
      return olderInARow > 0;
    }
  }
}
