package dev.redrive.testkit;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The logs of a {@link FakeChatt2me}, and the lists of them that the API shows. */
final class Chatt2meLogs {
  /** In place of a message's number: the log has none. */
  static final int NO_MESSAGE = -1;

  private final Ids ids;
  private final Endpoint endpoint;
  private final boolean showsDeleted;
  private final Map<String, Log> logs = new HashMap<>();
  private final Map<Subscription, Lists> lists = new HashMap<>();
  private int messages;
  private int statusEvents;
  private int statusMessage;

  /** One log: an attempt to deliver an event, which a retry never changes. */
  static final class Log {
    final int number;
    final String id;
    final ReceivedEvent event;
    final Instant sentAt;
    final int status;
    final int message;
    boolean deleted;

    private Log(
        int number, String id, ReceivedEvent event, Instant sentAt, int status, int message) {
      this.number = number;
      this.id = id;
      this.event = event;
      this.sentAt = sentAt;
      this.status = status;
      this.message = message;
    }

    Subscription webhook() {
      return event.webhook();
    }

    boolean succeeded() {
      return Endpoint.isSuccess(status);
    }
  }

  /** The lists of one webhook. */
  private static final class Lists {
    private static final Comparator<Log> OLDEST_FIRST =
        Comparator.<Log, Instant>comparing(log -> log.sentAt).thenComparing(log -> log.number);

    private final OrderedRows<Log> all = new OrderedRows<>(OLDEST_FIRST);
    private final OrderedRows<Log> succeeded = new OrderedRows<>(OLDEST_FIRST);
    private final OrderedRows<Log> failed = new OrderedRows<>(OLDEST_FIRST);

    private List<OrderedRows<Log>> holding(Log log) {
      return List.of(all, log.succeeded() ? succeeded : failed);
    }
  }

  Chatt2meLogs(Ids ids, Endpoint endpoint, boolean showsDeleted) {
    this.ids = ids;
    this.endpoint = endpoint;
    this.showsDeleted = showsDeleted;
  }

  /** Adds the first log of an event that the endpoint answers now. */
  Log deliver(Subscription webhook, Instant now, int message) {
    ReceivedEvent event = endpoint.open(nextId(), webhook);
    return add(event, now, endpoint.receive(event, false), message);
  }

  /** Adds the first log of an event that the endpoint answered in the past. */
  Log seed(Subscription webhook, Instant at, int status, int message) {
    ReceivedEvent event = endpoint.open(nextId(), webhook);
    endpoint.seeded(event, 1, Endpoint.isSuccess(status));
    return add(event, at, status, message);
  }

  /** Sends the event of a log again, which adds a log and leaves the old one as it is [doc]. */
  Log resend(Log log, Instant now) {
    return add(log.event, now, endpoint.receive(log.event, true), log.message);
  }

  /** The log of this id, deleted or not; null if there is none. */
  @Nullable Log find(String id) {
    return logs.get(id.toLowerCase(Locale.ROOT));
  }

  /** The webhook's log of this id; null if it is unknown, deleted or another webhook's. */
  @Nullable Log find(Subscription webhook, String id) {
    Log log = find(id);
    return log == null || log.deleted || log.webhook() != webhook ? null : log;
  }

  /**
   * The log that a test names.
   *
   * @throws IllegalArgumentException if there is none
   */
  Log get(String id) {
    Log log = find(id);
    if (log == null) {
      throw new IllegalArgumentException("no log " + id);
    }
    return log;
  }

  int newMessage() {
    return ++messages;
  }

  /** Three status events (sent, delivered, read) share a message; one log in 8 has none. */
  int anyMessage(Subscription webhook, Draws draws) {
    if (webhook.eventType().equals("MessageStatus")) {
      if (statusEvents++ % 3 == 0) {
        statusMessage = newMessage();
      }
      return statusMessage;
    }
    return draws.below(8) == 0 ? NO_MESSAGE : newMessage();
  }

  void delete(Log log) {
    log.deleted = true;
    if (!showsDeleted) {
      of(log.webhook()).holding(log).forEach(list -> list.remove(log));
    }
  }

  OrderedRows<Log> all(Subscription webhook) {
    return of(webhook).all;
  }

  OrderedRows<Log> succeeded(Subscription webhook) {
    return of(webhook).succeeded;
  }

  OrderedRows<Log> failed(Subscription webhook) {
    return of(webhook).failed;
  }

  private Log add(ReceivedEvent event, Instant sentAt, int status, int message) {
    Log log = new Log(logs.size(), nextId(), event, sentAt, status, message);
    logs.put(log.id, log);
    of(log.webhook()).holding(log).forEach(list -> list.add(log));
    return log;
  }

  private String nextId() {
    return ids.uuid(logs.size());
  }

  private Lists of(Subscription webhook) {
    return lists.computeIfAbsent(webhook, key -> new Lists());
  }
}
