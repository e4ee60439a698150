package dev.redrive.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The logs of a {@link FakeOnlyOffice}, which it lists by their ids. */
final class OnlyOfficeLogs {
  private static final int FIRST_ID = 1_001;

  private final Endpoint endpoint;
  private final boolean resetsLog;
  private final List<Log> logs = new ArrayList<>();
  private final Set<Subscription> removed = new HashSet<>();

  /** What happened in the portal, on its way to one webhook. */
  record Event(ReceivedEvent received, OnlyOfficeTrigger trigger, Instant happenedAt) {}

  /** One log. Unlike in other APIs a retry may change it, see {@link #queueRetry}. */
  static final class Log {
    final int number;
    final Event event;
    final Instant createdAt;

    /** What the endpoint answered; {@link Endpoint#NO_ANSWER} also before it is sent. */
    int status = Endpoint.NO_ANSWER;

    boolean sent;
    int attempts;

    /** Whether it is another user's. */
    boolean foreign;

    @Nullable Instant deliveredAt;
    @Nullable Instant nextAttemptAt;

    /** The log whose sending wrote the payload, which a retry copies [src]; null at first. */
    @Nullable Log payloadOf;

    /** The POSTs that it was last sent with, and when the last of them was made. */
    int posts;

    Instant lastPostAt;

    private Log(int number, Event event, Instant createdAt) {
      this.number = number;
      this.event = event;
      this.createdAt = createdAt;
      this.lastPostAt = createdAt;
      // What is queued has a next attempt, due at once [src].
      this.nextAttemptAt = createdAt;
    }

    int id() {
      return FIRST_ID + number;
    }

    Subscription webhook() {
      return event.received().webhook();
    }

    /** A timeout is stored as 500 [src]. */
    int storedStatus() {
      return sent && status == Endpoint.NO_ANSWER && number % 3 == 2 ? 500 : status;
    }
  }

  OnlyOfficeLogs(Endpoint endpoint, boolean resetsLog) {
    this.endpoint = endpoint;
    this.resetsLog = resetsLog;
  }

  /** The log of this id, null if there is none. */
  @Nullable Log find(String id) {
    int number = isInt(id) ? Integer.parseInt(id) - FIRST_ID : -1;
    return number >= 0 && number < logs.size() ? logs.get(number) : null;
  }

  static boolean isInt(String text) {
    try {
      Integer.parseInt(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** All logs, newest first. */
  List<Log> newestFirst() {
    return OrderedRows.reversed(logs);
  }

  /** Whether the subscription was deleted, and its logs with it. */
  boolean isRemoved(Subscription webhook) {
    return removed.contains(webhook);
  }

  /** Adds the first log of an event, queued. */
  Log queue(Subscription webhook, OnlyOfficeTrigger trigger, Instant at) {
    ReceivedEvent received = endpoint.open(Integer.toString(FIRST_ID + logs.size()), webhook);
    return add(new Event(received, trigger, at), at);
  }

  /** Queues a retry: as the same log in the newest server, as one more in today's [src]. */
  Log queueRetry(Log log, Instant now) {
    if (resetsLog) {
      log.status = Endpoint.NO_ANSWER;
      log.sent = false;
      log.deliveredAt = null;
      log.nextAttemptAt = now;
      return log;
    }
    Log queued = add(log.event, now);
    queued.payloadOf = log.payloadOf;
    return queued;
  }

  /**
   * Writes down that a log was sent: its payload gets its own id only now [src].
   *
   * @param at when the last POST was made
   * @param posts how many POSTs were made, the last of which got the status
   */
  void sent(Log log, Instant at, int httpStatus, int posts) {
    log.payloadOf = log;
    log.posts = posts;
    log.lastPostAt = at;
    log.attempts++;
    log.nextAttemptAt = null;
    log.sent = true;
    log.status = httpStatus;
    log.deliveredAt = Endpoint.isSuccess(httpStatus) ? at : null;
    if (httpStatus == 410) {
      removed.add(log.webhook());
    }
  }

  private Log add(Event event, Instant createdAt) {
    Log log = new Log(logs.size(), event, createdAt);
    logs.add(log);
    return log;
  }
}
