package dev.redrive.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The receiver behind a {@link FakeProvider}: what it answers to deliveries, and an account of what
 * arrived. It lives in the fake's process; no HTTP goes to it.
 *
 * <p>The account is exact and goes by <em>event</em>: a retry counts towards the event that was
 * first delivered, however many logs the provider makes of it. Ids are those that the fake's
 * seeding methods return, or the id of any log of the event. At Baanx an id is {@code
 * eventId/webhookId}; {@code eventId} alone sums up its webhooks.
 *
 * <p>Retries that are queued and due count as delivered when the account is asked or the endpoint
 * changed, unless {@link FakeProvider#settlesAfterReads} holds them back.
 *
 * <p>Safe to share between threads.
 */
public final class Endpoint {
  /** The status that stands for no answer: refused, timed out, unresolvable. */
  public static final int NO_ANSWER = 0;

  private static final int OK = 200;

  private final FakeProvider provider;
  private final long seed;

  private final List<ReceivedEvent> events = new ArrayList<>();
  private long allAttempts;
  private long allResends;
  private long allDelivered;

  private int status = OK;
  private int laterStatus = OK;
  private long changesAfter = -1;
  private @Nullable Instant changesAt;
  private double flapProbability;
  private int flapStatus;
  private final Map<Subscription, Integer> byWebhook = new HashMap<>();

  Endpoint(FakeProvider provider, long seed) {
    this.provider = provider;
    this.seed = seed;
  }

  /** Answers 200 to everything from now on; answers set for single events and webhooks stay. */
  public Endpoint up() {
    return answers(OK);
  }

  /** Answers nothing from now on: every delivery ends without an HTTP status. */
  public Endpoint down() {
    return answers(NO_ANSWER);
  }

  /**
   * Answers every delivery with a status from now on.
   *
   * @param httpStatus any HTTP status, or {@link #NO_ANSWER}
   */
  public Endpoint down(int httpStatus) {
    return answers(httpStatus);
  }

  /** Goes up after so many more deliveries; before, it answers as it does now. */
  public Endpoint upAfter(int deliveries) {
    return changeAfter(deliveries, OK);
  }

  /** Breaks down after so many more deliveries, and answers with the status from then on. */
  public Endpoint downAfter(int deliveries, int httpStatus) {
    return changeAfter(deliveries, httpStatus);
  }

  /** Goes up at an instant of the fake's clock; before, it answers as it does now. */
  public Endpoint upAt(Instant instant) {
    synchronized (provider.lock) {
      provider.settleDue();
      changesAt = instant;
      changesAfter = -1;
      laterStatus = OK;
      return this;
    }
  }

  /**
   * Fails some deliveries and answers 200 to the others, by the fake's seed.
   *
   * @param probability of a failure, from 0 to 1
   * @param httpStatus what a failure is answered with, or {@link #NO_ANSWER}
   */
  public Endpoint flapping(double probability, int httpStatus) {
    synchronized (provider.lock) {
      answers(OK);
      flapProbability = probability;
      flapStatus = httpStatus;
      return this;
    }
  }

  /**
   * Answers the deliveries of one event with a status, whatever else is set.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public Endpoint answer(String id, int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      events(id).forEach(event -> event.answer = httpStatus);
      return this;
    }
  }

  /**
   * Answers the deliveries of one webhook with a status, whatever is set for the whole endpoint.
   *
   * @throws IllegalArgumentException if the fake has no such webhook
   */
  public Endpoint answerWebhook(String webhookId, int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      byWebhook.put(provider.webhook(webhookId), httpStatus);
      return this;
    }
  }

  /** All deliveries that arrived, first ones and re-sends, seeded ones too. */
  public long attempts() {
    synchronized (provider.lock) {
      provider.settleDue();
      return allAttempts;
    }
  }

  /** All deliveries that a retry request caused. */
  public long resends() {
    synchronized (provider.lock) {
      provider.settleDue();
      return allResends;
    }
  }

  /** All deliveries that were answered 2xx, seeded ones too. */
  public long delivered() {
    synchronized (provider.lock) {
      provider.settleDue();
      return allDelivered;
    }
  }

  /**
   * How often the event arrived, seeded attempts included.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int attempts(String id) {
    return sum(event -> event.attempts, id);
  }

  /**
   * How often a retry request made the event arrive.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int resends(String id) {
    return sum(event -> event.resends, id);
  }

  /**
   * How often the event was answered 2xx.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int delivered(String id) {
    return sum(event -> event.delivered, id);
  }

  /** The events that were answered 2xx more than once: what Redrive promises not to do. */
  public List<String> deliveredMoreThanOnce() {
    return where(event -> event.delivered > 1);
  }

  /** The events that were never answered 2xx. */
  public List<String> neverDelivered() {
    return where(event -> event.delivered == 0);
  }

  /** The events that retry requests sent more than once, delivered or not. */
  public List<String> resentMoreThanOnce() {
    return where(event -> event.resends > 1);
  }

  /**
   * Opens the account of one more event. For a fake, which holds its lock; so are the next two.
   *
   * @param id the id of its first delivery
   */
  public ReceivedEvent open(String id, Subscription webhook) {
    ReceivedEvent event = new ReceivedEvent(events.size(), id, webhook);
    events.add(event);
    return event;
  }

  /** Enters attempts that are history; at most the last one succeeded. */
  public void seeded(ReceivedEvent event, int seededAttempts, boolean success) {
    event.attempts += seededAttempts;
    allAttempts += seededAttempts;
    if (success) {
      event.delivered++;
      allDelivered++;
    }
  }

  /**
   * Takes a delivery and returns the HTTP status, or {@link #NO_ANSWER}.
   *
   * @param resend whether a retry request caused it
   */
  public int receive(ReceivedEvent event, boolean resend) {
    event.attempts++;
    allAttempts++;
    if (resend) {
      event.resends++;
      allResends++;
    }
    int answer = statusFor(event);
    if (isSuccess(answer)) {
      event.delivered++;
      allDelivered++;
    }
    return answer;
  }

  /** Whether an answer counts as delivered: 200 to 299. */
  public static boolean isSuccess(int httpStatus) {
    return httpStatus >= 200 && httpStatus < 300;
  }

  private int statusFor(ReceivedEvent event) {
    // The count of deliveries goes on even where a single answer is set.
    int general = generalStatus(event);
    Integer single = event.answer == null ? byWebhook.get(event.webhook) : event.answer;
    return single == null ? general : single;
  }

  private int generalStatus(ReceivedEvent event) {
    if (changesAt != null && !provider.clock().instant().isBefore(changesAt)) {
      status = laterStatus;
      changesAt = null;
    }
    if (changesAfter == 0) {
      status = laterStatus;
      changesAfter = -1;
    } else if (changesAfter > 0) {
      changesAfter--;
    }
    return flapProbability > 0 && chance(event) < flapProbability ? flapStatus : status;
  }

  /** From 0 to 1, the same for the same attempt of the same event in whatever order they arrive. */
  private double chance(ReceivedEvent event) {
    long hash = Ids.mix(seed ^ Ids.mix(((long) event.number << 16) ^ event.attempts));
    return (hash >>> 11) * 0x1p-53;
  }

  private Endpoint answers(int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      status = httpStatus;
      changesAfter = -1;
      changesAt = null;
      flapProbability = 0;
      return this;
    }
  }

  private Endpoint changeAfter(int deliveries, int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      changesAfter = deliveries;
      changesAt = null;
      laterStatus = httpStatus;
      return this;
    }
  }

  private int sum(ToIntFunction<ReceivedEvent> count, String id) {
    synchronized (provider.lock) {
      provider.settleDue();
      return events(id).stream().mapToInt(count).sum();
    }
  }

  private List<ReceivedEvent> events(String id) {
    List<ReceivedEvent> found = provider.events(id);
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no delivery " + id + " at this fake");
    }
    return found;
  }

  private List<String> where(Predicate<ReceivedEvent> condition) {
    synchronized (provider.lock) {
      provider.settleDue();
      return events.stream().filter(condition).map(ReceivedEvent::id).toList();
    }
  }
}
