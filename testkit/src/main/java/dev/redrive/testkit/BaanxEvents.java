package dev.redrive.testkit;

import dev.redrive.testkit.BaanxEvent.Attempt;
import dev.redrive.testkit.BaanxEvent.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of a {@link FakeBaanx}, and the lists of events and attempts that the API shows. */
final class BaanxEvents {
  static final int MAX_ATTEMPTS = 6;

  /** The order of attempts, of one delivery or of several. */
  static final Comparator<Attempt> OLDEST_FIRST =
      Comparator.<Attempt, Instant>comparing(attempt -> attempt.at)
          .thenComparing(attempt -> attempt.order)
          .thenComparing(attempt -> attempt.delivery.received.number);

  private static final Duration BACKOFF = Duration.ofSeconds(10);

  private final Ids ids;
  private final Endpoint endpoint;
  private final FakeBaanx.Numbering numbering;
  private final Map<String, BaanxEvent> events = new HashMap<>();
  private final OrderedRows<BaanxEvent> all = eventList();
  private final Map<String, OrderedRows<BaanxEvent>> byStatus = new HashMap<>();
  private final Map<Subscription, OrderedRows<Attempt>> byWebhook = new HashMap<>();
  private int attempts;

  BaanxEvents(Ids ids, Endpoint endpoint, FakeBaanx.Numbering numbering) {
    this.ids = ids;
    this.endpoint = endpoint;
    this.numbering = numbering;
  }

  private static OrderedRows<BaanxEvent> eventList() {
    return new OrderedRows<>(
        Comparator.<BaanxEvent, Instant>comparing(event -> event.createdAt)
            .thenComparing(event -> event.number));
  }

  /** The event of this id, null if there is none. */
  @Nullable BaanxEvent find(String id) {
    return events.get(id.toLowerCase(Locale.ROOT));
  }

  /** The events of a status, or all for an empty one. */
  OrderedRows<BaanxEvent> list(String status) {
    return status.isEmpty() ? all : byStatus.computeIfAbsent(status, key -> eventList());
  }

  /** The attempts to deliver to a webhook. */
  OrderedRows<Attempt> attemptsAt(Subscription webhook) {
    return byWebhook.computeIfAbsent(webhook, key -> new OrderedRows<>(OLDEST_FIRST));
  }

  /** Makes an event without deliveries. It shows when it is {@link #publish published}. */
  BaanxEvent create(String type, Instant at) {
    int number = events.size();
    BaanxEvent event = new BaanxEvent(number, ids.uuid(number), type, at);
    events.put(event.id, event);
    return event;
  }

  /**
   * Makes an event with deliveries to some of the webhooks, by chance: answered 2xx all of them, or
   * some of them as told.
   *
   * @param most of the deliveries that are answered as told
   * @return the ids of those
   */
  List<String> seed(
      String type, Instant at, int httpStatus, List<Subscription> webhooks, Draws draws, int most) {
    boolean failure = !Endpoint.isSuccess(httpStatus);
    int count = 1 + draws.below(webhooks.size());
    int start = draws.below(webhooks.size());
    int mustFail = draws.below(count);
    BaanxEvent event = create(type, at);
    List<String> asTold = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean alsoFails = draws.below(2) == 0;
      int left = most - asTold.size();
      boolean fails =
          failure && left > 0 && (i == mustFail || (alsoFails && (i > mustFail || left > 1)));
      Subscription webhook = webhooks.get((start + i) % webhooks.size());
      int attempts = fails ? attemptsOf(httpStatus) : 1;
      Delivery delivery = addDelivery(event, webhook, fails ? httpStatus : 200, attempts, at);
      if (fails == failure && left > 0) {
        asTold.add(delivery.id());
      }
    }
    publish(event);
    return asTold;
  }

  /** Only 5xx and no answer are tried again, up to attempt 6 [doc]. */
  static int attemptsOf(int httpStatus) {
    boolean again = httpStatus >= 500 || httpStatus == Endpoint.NO_ANSWER;
    return again ? MAX_ATTEMPTS : 1;
  }

  /**
   * Adds a delivery with attempts that are history: the last one as told, those before it answered
   * 503. Each wait before the next attempt is twice the one before.
   */
  Delivery addDelivery(
      BaanxEvent event, Subscription webhook, int httpStatus, int count, Instant last) {
    ReceivedEvent received = endpoint.open(event.id + "/" + webhook.id(), webhook);
    endpoint.seeded(received, count, Endpoint.isSuccess(httpStatus));
    Delivery delivery = new Delivery(event, received);
    event.deliveries.add(delivery);
    Instant at = last;
    for (int number = count - 1; number >= 1; number--) {
      at = at.minus(BACKOFF.multipliedBy(1L << number));
    }
    if (at.isBefore(event.createdAt)) {
      event.createdAt = at;
    }
    for (int number = 1; number <= count; number++) {
      int status = number == count ? httpStatus : 503;
      add(new Attempt(delivery, attempts++, number, number, at, status));
      at = at.plus(BACKOFF.multipliedBy(1L << number));
    }
    return delivery;
  }

  /** Lists an event whose deliveries are complete. */
  void publish(BaanxEvent event) {
    all.add(event);
    setStatus(event, event.statusByAttempts());
  }

  void setStatus(BaanxEvent event, String status) {
    list(event.status).remove(event);
    event.status = status;
    list(status).add(event);
  }

  /** Has the endpoint receive a delivery once more, as the attempt that is queued if one is. */
  void attempt(Delivery delivery, Instant now, boolean resend) {
    int answer = endpoint.receive(delivery.received, resend);
    Attempt queued = delivery.firstQueued();
    if (queued == null) {
      addAttempt(delivery, now, answer);
    } else {
      OrderedRows<Attempt> list = attemptsAt(delivery.webhook());
      list.remove(queued);
      queued.status = answer;
      queued.at = now;
      list.add(queued);
    }
    delivery.nextRetryAt = null;
  }

  /** Makes the platform's own attempt. */
  void ownAttempt(Delivery delivery, Instant now) {
    attempt(delivery, now, false);
    processed(delivery.event, now);
  }

  /** Adds an attempt of a retry, made or {@link BaanxEvent#QUEUED}. */
  void addAttempt(Delivery delivery, Instant now, int status) {
    Attempt latest = delivery.latest();
    int next = latest == null ? 1 : latest.number + 1;
    int number =
        switch (numbering) {
          case GOING_ON -> next;
          case FROM_ONE -> 1;
          case UP_TO_SIX -> Math.min(next, MAX_ATTEMPTS);
        };
    int serial = attempts++;
    // After all that were seeded, which have their number for it.
    add(new Attempt(delivery, serial, MAX_ATTEMPTS + 1 + serial, number, now, status));
  }

  /** Writes down that the platform has worked on an event now. */
  void processed(BaanxEvent event, Instant now) {
    event.processedAt = now;
    setStatus(event, event.statusByAttempts());
  }

  private void add(Attempt attempt) {
    attempt.delivery.attempts.add(attempt);
    attemptsAt(attempt.delivery.webhook()).add(attempt);
  }
}
