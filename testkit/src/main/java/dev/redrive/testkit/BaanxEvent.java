package dev.redrive.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One event of a {@link FakeBaanx}, which goes to one webhook or more. */
final class BaanxEvent {
  static final String PENDING = "pending";
  static final String COMPLETED = "completed";
  static final String FAILED = "failed";
  static final List<String> STATUSES = List.of(PENDING, "processing", COMPLETED, FAILED, "skipped");

  static final List<String> TYPES =
      List.of("kyc.status.changed", "card.created", "card.transaction", "wallet.updated");

  /** In place of an attempt's HTTP status: it is not made yet. */
  static final int QUEUED = -1;

  final int number;
  final String id;
  final String type;
  final List<Delivery> deliveries = new ArrayList<>();
  Instant createdAt;
  Instant processedAt;
  String status = PENDING;
  int queuedRetries;

  BaanxEvent(int number, String id, String type, Instant at) {
    this.number = number;
    this.id = id;
    this.type = type;
    this.createdAt = at;
    this.processedAt = at;
  }

  static String anyType(Draws draws) {
    return TYPES.get(draws.below(TYPES.size()));
  }

  /** Its delivery to a webhook, null if it does not go there. */
  @Nullable Delivery to(@Nullable Subscription webhook) {
    for (Delivery delivery : deliveries) {
      if (delivery.webhook() == webhook) {
        return delivery;
      }
    }
    return null;
  }

  /** Where a retry goes: to the webhook that it names, or to all that are active now [doc]. */
  List<Delivery> targets(@Nullable Delivery named) {
    return named == null
        ? deliveries.stream().filter(delivery -> delivery.webhook().isActive()).toList()
        : List.of(named);
  }

  /** What the attempts so far make of it [doc]. */
  String statusByAttempts() {
    if (queuedRetries > 0) {
      return PENDING;
    }
    return deliveries.stream().allMatch(Delivery::succeeded) ? COMPLETED : FAILED;
  }

  /** An event on its way to one webhook. */
  static final class Delivery {
    final BaanxEvent event;
    final ReceivedEvent received;
    final List<Attempt> attempts = new ArrayList<>();

    /** When the platform will try again by itself. */
    @Nullable Instant nextRetryAt;

    Delivery(BaanxEvent event, ReceivedEvent received) {
      this.event = event;
      this.received = received;
    }

    String id() {
      return received.id();
    }

    Subscription webhook() {
      return received.webhook();
    }

    /** The latest attempt, null before the first one. */
    @Nullable Attempt latest() {
      return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    }

    boolean succeeded() {
      Attempt latest = latest();
      return latest != null && Endpoint.isSuccess(latest.status);
    }

    /** The attempt that was queued first and is not made yet, null if there is none. */
    @Nullable Attempt firstQueued() {
      return attempts.stream().filter(each -> each.status == QUEUED).findFirst().orElse(null);
    }
  }

  /** One attempt. */
  static final class Attempt {
    final Delivery delivery;

    /** Counts the attempts of all events. */
    final int serial;

    /** Tells apart attempts of one time: later ones have a greater one. */
    final int order;

    /** The {@code attemptNumber} that the API tells. */
    final int number;

    Instant at;

    /** What the endpoint answered, {@link Endpoint#NO_ANSWER} or {@link #QUEUED}. */
    int status;

    Attempt(Delivery delivery, int serial, int order, int number, Instant at, int status) {
      this.delivery = delivery;
      this.serial = serial;
      this.order = order;
      this.number = number;
      this.at = at;
      this.status = status;
    }

    /** The platform's next attempt is told with the latest one [doc]. */
    @Nullable Instant nextRetryAt() {
      return delivery.latest() == this ? delivery.nextRetryAt : null;
    }
  }
}
