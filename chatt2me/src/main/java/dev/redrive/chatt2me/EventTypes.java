package dev.redrive.chatt2me;

import org.jspecify.annotations.Nullable;

/** What the documentation tells of event types and message ids. */
final class EventTypes {
  private static final String MESSAGE = "Message";

  private EventTypes() {}

  /**
   * Whether a webhook gets one event of this type per message: so for {@code Message}, "fired when
   * a user sends a message", whose {@code messageId} is the "unique ID of the received message"
   * (documentation, event types). A {@code MessageStatus} comes for every change of a message's
   * status. That no second {@code Message} is ever made of one id is inferred from it.
   */
  static boolean isOncePerMessage(@Nullable String eventType) {
    return MESSAGE.equals(eventType);
  }
}
