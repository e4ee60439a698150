package dev.redrive.testkit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The deliveries of a {@link FakeGithub}, and the list of each webhook that the API shows. */
final class GithubDeliveries {
  static final List<String> EVENTS = List.of("push", "issues", "pull_request");

  private static final int ID_DIGITS = 9;
  private static final int HEXADECIMAL = 16;
  private static final long MOST_IDS = 100_000;
  private static final Comparator<Delivery> OLDEST_FIRST =
      Comparator.<Delivery, Instant>comparing(each -> each.at).thenComparing(each -> each.id);

  private final Ids guids;
  private final Endpoint endpoint;
  private final long firstId;
  private final Map<Long, Delivery> deliveries = new HashMap<>();
  private final Map<Subscription, OrderedRows<Delivery>> lists = new HashMap<>();
  private int events;

  /** One delivery, which a redelivery never changes; its time is in whole seconds. */
  static final class Delivery {
    final long id;
    final ReceivedEvent event;
    final String guid;
    final String type;
    final Instant at;
    final int status;
    final boolean redelivery;

    private Delivery(
        long id,
        ReceivedEvent event,
        String guid,
        String type,
        Instant at,
        int status,
        boolean redelivery) {
      this.id = id;
      this.event = event;
      this.guid = guid;
      this.type = type;
      this.at = at.truncatedTo(ChronoUnit.SECONDS);
      this.status = status;
      this.redelivery = redelivery;
    }

    Subscription webhook() {
      return event.webhook();
    }

    String keyId() {
      return webhook().id() + "/" + id;
    }
  }

  GithubDeliveries(Ids guids, Endpoint endpoint) {
    this.guids = guids;
    this.endpoint = endpoint;
    this.firstId = number(guids, 0) * MOST_IDS;
  }

  /** A number of nine hexadecimal digits, for ids that are numbers. */
  static long number(Ids ids, long place) {
    return Long.parseLong(ids.hex(place).substring(0, ID_DIGITS), HEXADECIMAL);
  }

  /** Returns the GUID of a new event. All webhooks that it goes to share it [spec]. */
  String newGuid() {
    return guids.uuid(events++);
  }

  static String anyType(Draws draws) {
    return EVENTS.get(draws.below(EVENTS.size()));
  }

  /** Adds the first delivery of an event that the endpoint answers now. */
  Delivery deliver(Subscription webhook, String guid, String type, Instant now) {
    ReceivedEvent event = endpoint.open(webhook.id() + "/" + nextId(), webhook);
    return add(event, guid, type, now, endpoint.receive(event, false), false);
  }

  /** Adds the first delivery of an event that the endpoint answered in the past. */
  Delivery seed(Subscription webhook, String guid, String type, Instant at, int status) {
    ReceivedEvent event = endpoint.open(webhook.id() + "/" + nextId(), webhook);
    endpoint.seeded(event, 1, Endpoint.isSuccess(status));
    return add(event, guid, type, at, status, false);
  }

  /** Adds a redelivery that the endpoint answered in the past. */
  Delivery seedRedelivery(Delivery of, Instant at, int status) {
    endpoint.seeded(of.event, 1, Endpoint.isSuccess(status));
    return add(of.event, of.guid, of.type, at, status, true);
  }

  /** Sends the event of a delivery again, to its webhook only: a new delivery [spec]. */
  void redeliver(Delivery of, Instant now) {
    add(of.event, of.guid, of.type, now, endpoint.receive(of.event, true), true);
  }

  /** The delivery of this id, listed or not; null if there is none. */
  @Nullable Delivery find(String id) {
    try {
      return deliveries.get(Long.valueOf(id));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** The deliveries to a webhook since a time, the newest first, from one of them on. */
  Stream<Delivery> newestFirst(Subscription webhook, Instant since, @Nullable Delivery from) {
    OrderedRows<Delivery> list = of(webhook);
    int newer =
        from == null
            ? 0
            : list.size() - list.countFirst(each -> OLDEST_FIRST.compare(each, from) <= 0);
    return list.descending().subList(newer, list.size()).stream()
        .takeWhile(each -> each.at.isAfter(since));
  }

  private Delivery add(
      ReceivedEvent event, String guid, String type, Instant at, int status, boolean redelivery) {
    Delivery delivery = new Delivery(nextId(), event, guid, type, at, status, redelivery);
    deliveries.put(delivery.id, delivery);
    of(delivery.webhook()).add(delivery);
    return delivery;
  }

  private long nextId() {
    return firstId + deliveries.size();
  }

  private OrderedRows<Delivery> of(Subscription webhook) {
    return lists.computeIfAbsent(webhook, key -> new OrderedRows<>(OLDEST_FIRST));
  }
}
