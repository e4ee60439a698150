package dev.redrive.testkit;

import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one webhook, and how often it arrived at the {@link Endpoint}. However
 * many logs a provider makes of it, they share this.
 */
public final class ReceivedEvent {
  final int number;
  final String id;
  final Subscription webhook;
  int attempts;
  int resends;
  int delivered;

  /** What the endpoint answers to this event alone, null for what it answers to all. */
  @Nullable Integer answer;

  ReceivedEvent(int number, String id, Subscription webhook) {
    this.number = number;
    this.id = id;
    this.webhook = webhook;
  }

  /** The id of its first delivery. */
  public String id() {
    return id;
  }

  /** The webhook that it goes to. */
  public Subscription webhook() {
    return webhook;
  }
}
