package dev.redrive.testkit;

import org.jspecify.annotations.Nullable;

/**
 * One event for one webhook, and how often it arrived at the {@link Endpoint}. All logs of the
 * event share it.
 */
public final class ReceivedEvent {
  final int number;
  final String id;
  final Subscription webhook;
  int attempts;
  int resends;
  int delivered;

  /**
   * The status that the endpoint returns to this event; null for the one that it returns to all.
   */
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
