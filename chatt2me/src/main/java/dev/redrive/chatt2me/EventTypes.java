package dev.redrive.chatt2me;

import org.jspecify.annotations.Nullable;

/** What the documentation says about event types and message ids. */
final class EventTypes {
  private static final String MESSAGE = "Message";

  private EventTypes() {}

  /**
   * Whether a webhook gets one event of this type per message. The documentation says of {@code
   * Message}: "fired when a user sends a message", and that its {@code messageId} is the "unique ID
   * of the received message". From that we infer that a message id never has a second {@code
   * Message} event. A {@code MessageStatus} event is sent for every change of a message's status.
   */
  static boolean isOncePerMessage(@Nullable String eventType) {
    return MESSAGE.equals(eventType);
  }
}
