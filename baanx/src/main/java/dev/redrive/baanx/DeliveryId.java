package dev.redrive.baanx;

import dev.redrive.baanx.BaanxWire.LogRow;
import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import org.jspecify.annotations.Nullable;

/**
 * The two ids that identify a delivery at Baanx, and together are the id of its key: the id of the
 * event's record and the id of the webhook.
 */
record DeliveryId(String eventId, String webhookId) {
  /**
   * The prefix of the business id, which is used if the event's record is not known. Such a key
   * identifies the event but cannot be retried: {@link #parse} refuses it.
   */
  private static final String BUSINESS_ID = "business:";

  /** The prefix of the attempt's id, which is used if the business id is not known either. */
  private static final String ATTEMPT_ID = "attempt:";

  /** Parses the id of a key, in lower case; null unless it is a pair of UUIDs. */
  static @Nullable DeliveryId parse(String keyId) {
    int slash = keyId.indexOf('/');
    if (slash < 0) {
      return null;
    }
    String spelled = ProviderHttp.canonicalId(keyId);
    var id = new DeliveryId(spelled.substring(0, slash), spelled.substring(slash + 1));
    return ClientBuilder.isUuid(id.eventId) && ClientBuilder.isUuid(id.webhookId) ? id : null;
  }

  /** Returns the id of the key of an attempt. A retry needs both ids. */
  static String keyId(@Nullable String eventId, LogRow attempt, String webhookId) {
    return (eventId == null ? eventName(attempt) : eventId) + "/" + webhookId;
  }

  private static String eventName(LogRow attempt) {
    return attempt.eventId() == null ? ATTEMPT_ID + attempt.id() : BUSINESS_ID + attempt.eventId();
  }

  /** Returns why a key cannot be retried; null if it can. */
  static @Nullable String refusal(String keyId) {
    if (parse(keyId) != null) {
      return null;
    }
    return keyId.startsWith(BUSINESS_ID) || keyId.startsWith(ATTEMPT_ID)
        ? "the id of its event's record is not known, because Baanx's lists did not show the event"
        : "its id is not of the form eventId/webhookId: pass two UUIDs";
  }
}
