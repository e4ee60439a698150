package dev.redrive.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * The receiver behind a {@link FakeProvider}: its responses to deliveries, and a record of what
 * arrived. It runs in the fake's process and receives no HTTP.
 *
 * <p>The record is exact and is kept by <em>event</em>: a retry counts for the event that was first
 * delivered, no matter how many logs the provider creates. Ids are those that the fake's seeding
 * methods return, or the id of any log of the event. At Baanx an id is {@code eventId/webhookId};
 * {@code eventId} alone means all its webhooks.
 *
 * <p>Retries that are queued and due are delivered before the record is read or the endpoint is
 * changed, unless {@link FakeProvider#settlesAfterReads} delays them.
 *
 * <p>Thread-safe.
 */
public final class Endpoint {
  /** The status that means no response: refused, timed out, unresolvable. */
  public static final int NO_ANSWER = 0;

  private static final int OK = 200;

  private final FakeProvider provider;
  private final EndpointAnswers answers;

  private final List<ReceivedEvent> events = new ArrayList<>();
  private long allAttempts;
  private long allResends;
  private long allDelivered;

  Endpoint(FakeProvider provider, long seed) {
    this.provider = provider;
    this.answers = new EndpointAnswers(provider.clock(), seed);
  }

  /** Returns 200 to everything from now on; statuses set for single events and webhooks stay. */
  public Endpoint up() {
    return answers(OK);
  }

  /** Does not respond from now on: every delivery ends without an HTTP status. */
  public Endpoint down() {
    return answers(NO_ANSWER);
  }

  /**
   * Returns a status to every delivery from now on.
   *
   * @param httpStatus any HTTP status, or {@link #NO_ANSWER}
   */
  public Endpoint down(int httpStatus) {
    return answers(httpStatus);
  }

  /** Goes up after this many more deliveries; before that, it responds as it does now. */
  public Endpoint upAfter(int deliveries) {
    return changeAfter(deliveries, OK);
  }

  /** Breaks down after this many more deliveries, and returns the status from then on. */
  public Endpoint downAfter(int deliveries, int httpStatus) {
    return changeAfter(deliveries, httpStatus);
  }

  /** Goes up at an instant of the fake's clock; before that, it responds as it does now. */
  public Endpoint upAt(Instant instant) {
    synchronized (provider.lock) {
      provider.settleDue();
      answers.changeAt(instant, OK);
      return this;
    }
  }

  /**
   * Fails some deliveries and returns 200 to the others, according to the fake's seed.
   *
   * @param probability the probability of a failure, from 0 to 1
   * @param httpStatus the status of a failure, or {@link #NO_ANSWER}
   */
  public Endpoint flapping(double probability, int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      answers.flap(probability, httpStatus);
      return this;
    }
  }

  /**
   * Returns a status to the deliveries of one event, whatever else is set.
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
   * Returns a status to the deliveries of one webhook, whatever is set for the whole endpoint.
   *
   * @throws IllegalArgumentException if the fake has no such webhook
   */
  public Endpoint answerWebhook(String webhookId, int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      answers.set(provider.subscriptions().get(webhookId), httpStatus);
      return this;
    }
  }

  /** Returns how many deliveries arrived: first attempts, retries and seeded ones. */
  public long attempts() {
    synchronized (provider.lock) {
      provider.settleDue();
      return allAttempts;
    }
  }

  /** Returns how many deliveries were caused by retry requests. */
  public long resends() {
    synchronized (provider.lock) {
      provider.settleDue();
      return allResends;
    }
  }

  /** Returns how many deliveries got a 2xx response, including seeded ones. */
  public long delivered() {
    synchronized (provider.lock) {
      provider.settleDue();
      return allDelivered;
    }
  }

  /** Whether the fake has a delivery, or an event, of this id. */
  public boolean knows(String id) {
    synchronized (provider.lock) {
      return !provider.events(id).isEmpty();
    }
  }

  /**
   * Returns how often the event arrived, including seeded attempts.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int attempts(String id) {
    return sum(event -> event.attempts, id);
  }

  /**
   * Returns how often the event arrived because of a retry request.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int resends(String id) {
    return sum(event -> event.resends, id);
  }

  /**
   * Returns how often the event got a 2xx response.
   *
   * @throws IllegalArgumentException if the fake has no such delivery
   */
  public int delivered(String id) {
    return sum(event -> event.delivered, id);
  }

  /** Returns the events that got a 2xx response more than once, which Redrive must prevent. */
  public List<String> deliveredMoreThanOnce() {
    return where(event -> event.delivered > 1);
  }

  /** Returns the events that never got a 2xx response. */
  public List<String> neverDelivered() {
    return where(event -> event.delivered == 0);
  }

  /** Returns the events that retry requests sent more than once, delivered or not. */
  public List<String> resentMoreThanOnce() {
    return where(event -> event.resends > 1);
  }

  /**
   * Starts the record of a new event. Called by a fake that holds its lock, as are the next two
   * methods.
   *
   * @param id the id of its first delivery
   */
  public ReceivedEvent open(String id, Subscription webhook) {
    ReceivedEvent event = new ReceivedEvent(events.size(), id, webhook);
    events.add(event);
    return event;
  }

  /** Records attempts in the past; at most the last one succeeded. */
  public void seeded(ReceivedEvent event, int seededAttempts, boolean success) {
    event.attempts += seededAttempts;
    allAttempts += seededAttempts;
    if (success) {
      event.delivered++;
      allDelivered++;
    }
  }

  /**
   * Receives a delivery and returns the HTTP status, or {@link #NO_ANSWER}.
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
    int answer = answers.next(event);
    if (isSuccess(answer)) {
      event.delivered++;
      allDelivered++;
    }
    return answer;
  }

  /** Whether a status means delivered: 200 to 299. */
  public static boolean isSuccess(int httpStatus) {
    return httpStatus >= 200 && httpStatus < 300;
  }

  private Endpoint answers(int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      answers.set(httpStatus);
      return this;
    }
  }

  private Endpoint changeAfter(int deliveries, int httpStatus) {
    synchronized (provider.lock) {
      provider.settleDue();
      answers.changeAfter(deliveries, httpStatus);
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
