package dev.redrive.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The failure records of a {@link FakeVoiso}, and the list of them that the API shows. */
final class VoisoFailures {
  static final String INACTIVE = "inactive";
  static final String PENDING = "pending";
  static final String DELIVERED = "delivered";

  static final List<String> EVENTS =
      List.of("call.started", "call.ended", "call.recorded", "sms.received");

  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_TO_LAST_ATTEMPT = Duration.ofMinutes(30);

  private final Ids ids;
  private final Endpoint endpoint;
  private final boolean showsDelivered;
  private final boolean listsPending;
  private final boolean hidesPending;
  private final Map<String, Failure> failures = new HashMap<>();
  private final OrderedRows<Failure> listed =
      new OrderedRows<>(
          Comparator.<Failure, Instant>comparing(failure -> failure.createdAt)
              .thenComparing(failure -> failure.event.number));

  /** One record, which is an event; its times are in whole seconds. */
  static final class Failure {
    final ReceivedEvent event;
    final String eventName;
    final Instant createdAt;
    Instant lastAttemptAt;
    Instant updatedAt;
    String status = PENDING;
    int answer = Endpoint.NO_ANSWER;

    private Failure(ReceivedEvent event, String eventName, Instant createdAt, Instant attemptedAt) {
      this.event = event;
      this.eventName = eventName;
      this.createdAt = createdAt.truncatedTo(ChronoUnit.SECONDS);
      this.lastAttemptAt = attemptedAt.truncatedTo(ChronoUnit.SECONDS);
      this.updatedAt = lastAttemptAt;
    }

    String id() {
      return event.id();
    }

    boolean is(String wanted) {
      return status.equals(wanted);
    }
  }

  VoisoFailures(Ids ids, Endpoint endpoint, FakeVoiso.Builder settings) {
    this.ids = ids;
    this.endpoint = endpoint;
    this.showsDelivered = settings.showsDelivered;
    this.listsPending = settings.listsPending;
    this.hidesPending = settings.hidesPending;
  }

  static String anyEvent(Draws draws) {
    return EVENTS.get(draws.below(EVENTS.size()));
  }

  /** Adds an event that the endpoint answers now. */
  Failure deliver(Subscription webhook, String eventName, Instant now) {
    Failure failure = add(webhook, eventName, now, now);
    attempt(failure, now, false);
    return failure;
  }

  /** Adds a record as it is after its last attempt: five failed ones make it inactive. */
  Failure seed(Subscription webhook, String eventName, Instant lastAttempt, int httpStatus) {
    boolean success = Endpoint.isSuccess(httpStatus);
    Failure failure =
        add(webhook, eventName, lastAttempt.minus(FIRST_TO_LAST_ATTEMPT), lastAttempt);
    endpoint.seeded(failure.event, success ? 1 : ATTEMPTS, success);
    failure.answer = httpStatus;
    setStatus(failure, success ? DELIVERED : INACTIVE);
    return failure;
  }

  private Failure add(
      Subscription webhook, String eventName, Instant createdAt, Instant attemptedAt) {
    ReceivedEvent event = endpoint.open(ids.hex(failures.size()), webhook);
    Failure failure = new Failure(event, eventName, createdAt, attemptedAt);
    failures.put(failure.id(), failure);
    return failure;
  }

  /** The record of this id, shown or not; null if there is none. */
  @Nullable Failure find(String id) {
    return failures.get(id);
  }

  /** The record of this id; null if there is none, or none that is shown. */
  @Nullable Failure findShown(String id) {
    Failure failure = find(id);
    boolean hidden =
        failure == null
            || (failure.is(DELIVERED) && !showsDelivered)
            || (failure.is(PENDING) && hidesPending);
    return hidden ? null : failure;
  }

  /** What the list shows of the records created from one instant until before another. */
  List<Failure> listed(@Nullable Instant from, @Nullable Instant to) {
    int size = listed.size();
    int older = from == null ? 0 : listed.countFirst(each -> each.createdAt.isBefore(from));
    int upTo = to == null ? size : listed.countFirst(each -> each.createdAt.isBefore(to));
    return upTo <= older ? List.of() : listed.descending().subList(size - upTo, size - older);
  }

  /** Has the endpoint receive an event once more, and writes down what it answered. */
  void attempt(Failure failure, Instant now, boolean resend) {
    failure.answer = endpoint.receive(failure.event, resend);
    failure.lastAttemptAt = now.truncatedTo(ChronoUnit.SECONDS);
    change(failure, Endpoint.isSuccess(failure.answer) ? DELIVERED : INACTIVE, now);
  }

  void change(Failure failure, String status, Instant now) {
    failure.updatedAt = now.truncatedTo(ChronoUnit.SECONDS);
    setStatus(failure, status);
  }

  /** Changes the status as if it had always been so. */
  void setStatus(Failure failure, String status) {
    failure.status = status;
    list(failure);
  }

  private void list(Failure failure) {
    if (failure.is(DELIVERED) || (failure.is(PENDING) && !listsPending)) {
      listed.remove(failure);
    } else {
      listed.add(failure);
    }
  }
}
