package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The sends of a {@link FakeKeycloak}, their records, and the attempts that are due. */
final class KeycloakSends {
  static final List<String> TYPES =
      List.of("admin.USER-CREATE", "admin.USER-UPDATE", "access.LOGIN", "access.REGISTER");

  /** A failure of long ago has been tried so often [src]. */
  private static final int ALL_ATTEMPTS = 8;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration MOST_PAUSE = Duration.ofMinutes(3);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final int FACTOR = 5;

  private final Ids ids;
  private final Endpoint endpoint;
  private final Map<String, Send> sends = new HashMap<>();
  private final Map<Subscription, OrderedRows<Row>> lists = new HashMap<>();
  private final PriorityQueue<Due> due =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(each -> each.send.number()));

  /** An event for one webhook. It has a record once an attempt was answered. */
  static final class Send {
    final ReceivedEvent event;
    final String type;
    @Nullable Row row;

    private Send(ReceivedEvent event, String type) {
      this.event = event;
      this.type = type;
    }

    String id() {
      return event.id();
    }

    private int number() {
      return event.number;
    }
  }

  /** What the record says after an attempt. */
  record Row(Send send, int status, int retries, Instant sentAt) {}

  /** An attempt that the extension will make by itself. */
  private record Due(Send send, Instant at, Instant begun, int made) {}

  KeycloakSends(Ids ids, Endpoint endpoint) {
    this.ids = ids;
    this.endpoint = endpoint;
  }

  static String anyType(Draws draws) {
    return TYPES.get(draws.below(TYPES.size()));
  }

  /** The send of this id, recorded or not; null if there is none. */
  @Nullable Send find(String id) {
    return sends.get(id.toLowerCase(Locale.ROOT));
  }

  /** The record of this id; null if there is none. */
  @Nullable Row recorded(String id) {
    Send send = find(id);
    return send == null ? null : send.row;
  }

  /** The records of a webhook, the latest attempt first. */
  List<Row> listed(Subscription webhook) {
    return list(webhook).descending();
  }

  private OrderedRows<Row> list(Subscription webhook) {
    return lists.computeIfAbsent(
        webhook,
        key ->
            new OrderedRows<>(
                Comparator.comparing(Row::sentAt).thenComparing(row -> row.send.number())));
  }

  /** Makes an event that is attempted now, and again later if that fails. */
  Send deliver(Subscription webhook, String type, Instant now) {
    Send send = add(webhook, type);
    attempt(new Due(send, now, now, 0), false);
    return send;
  }

  /** Makes a send as it is after its last attempt. */
  Send seed(Subscription webhook, String type, Instant at, int httpStatus) {
    boolean success = Endpoint.isSuccess(httpStatus);
    Send send = add(webhook, type);
    endpoint.seeded(send.event, success ? 1 : ALL_ATTEMPTS, success);
    record(send, httpStatus, success ? 1 : ALL_ATTEMPTS, at);
    return send;
  }

  /** Makes a send that failed and will be attempted again. */
  Send seedTrying(Subscription webhook, String type, Instant at) {
    int made = 5;
    Send send = add(webhook, type);
    endpoint.seeded(send.event, made, false);
    record(send, 503, made, at);
    due.add(new Due(send, at.plus(pause(made)), at.minus(pause(made - 1)), made));
    return send;
  }

  private Send add(Subscription webhook, String type) {
    Send send = new Send(endpoint.open(ids.uuid(sends.size()), webhook), type);
    sends.put(send.id(), send);
    return send;
  }

  /** Attempts a send because it was asked for: a task of its own, beside one that may be due. */
  void resend(Send send, Instant now) {
    attempt(new Due(send, now, now, 0), true);
  }

  /** Makes the attempts that are due. */
  void makeDue(Instant now) {
    while (!due.isEmpty() && !due.element().at.isAfter(now)) {
      attempt(due.remove(), false);
    }
  }

  /** Makes the next attempt at a send now, though it is not due yet. */
  void hasten(Send send, Instant now) {
    due.stream().filter(each -> each.send == send).findFirst().ifPresent(next -> hasten(next, now));
  }

  /** Makes the next attempt at each send that is to be attempted again. */
  void hastenAll(Instant now) {
    List.copyOf(due).forEach(next -> hasten(next, now));
  }

  private void hasten(Due next, Instant now) {
    due.remove(next);
    attempt(new Due(next.send, now, next.begun, next.made), false);
  }

  /**
   * An attempt without an answer is neither recorded nor repeated; one with another answer than 2xx
   * is both [src].
   */
  private void attempt(Due task, boolean isResend) {
    int answer = endpoint.receive(task.send.event, isResend);
    if (answer == Endpoint.NO_ANSWER) {
      return;
    }
    Row before = task.send.row;
    record(task.send, answer, before == null ? 1 : before.retries + 1, task.at);
    boolean goesOn = Duration.between(task.begun, task.at).compareTo(LONGEST) <= 0;
    if (!Endpoint.isSuccess(answer) && goesOn) {
      int made = task.made + 1;
      due.add(new Due(task.send, task.at.plus(pause(made)), task.begun, made));
    }
  }

  /** The pause after so many attempts, without the random part. */
  private static Duration pause(int made) {
    Duration pause = FIRST_PAUSE;
    for (int i = 1; i < made && pause.compareTo(MOST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(FACTOR);
    }
    return pause.compareTo(MOST_PAUSE) < 0 ? pause : MOST_PAUSE;
  }

  private void record(Send send, int status, int retries, Instant at) {
    OrderedRows<Row> list = list(send.event.webhook());
    if (send.row != null) {
      list.remove(send.row);
    }
    send.row = new Row(send, status, retries, Instant.ofEpochMilli(at.toEpochMilli()));
    list.add(send.row);
  }
}
