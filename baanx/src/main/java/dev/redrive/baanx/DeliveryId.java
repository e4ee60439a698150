package dev.redrive.baanx;

import dev.redrive.http.ClientBuilder;
import dev.redrive.http.ProviderHttp;
import org.jspecify.annotations.Nullable;

/**
 * The two ids that make a delivery at Baanx and the id of its key: the event's record, as paths
 * take it, and the webhook.
 */
record DeliveryId(String eventId, String webhookId) {
  /**
   * Stands before the business id where the event's record is not known. It makes the key a name
   * and no address: {@link #parse} refuses it.
   */
  private static final String BUSINESS_ID = "business:";

  /** Stands before the attempt's id where not even the business id is known. */
  private static final String ATTEMPT_ID = "attempt:";

  /** The pair that a key's id names, in lower case; null unless it is a pair of UUIDs. */
  static @Nullable DeliveryId parse(String keyId) {
    int slash = keyId.indexOf('/');
    if (slash < 0) {
      return null;
    }
    String spelled = ProviderHttp.canonicalId(keyId);
    var id = new DeliveryId(spelled.substring(0, slash), spelled.substring(slash + 1));
    return ClientBuilder.isUuid(id.eventId) && ClientBuilder.isUuid(id.webhookId) ? id : null;
  }

  /** The id of a key that names the pair; nobody can retry it without both. */
  static String keyId(@Nullable String eventId, Wire.Attempt attempt, String webhookId) {
    return (eventId == null ? eventName(attempt) : eventId) + "/" + webhookId;
  }

  private static String eventName(Wire.Attempt attempt) {
    return attempt.eventId() == null ? ATTEMPT_ID + attempt.id() : BUSINESS_ID + attempt.eventId();
  }

  /** Why a key's id is none that Baanx could be asked for; null if it is one. */
  static @Nullable String refusal(String keyId) {
    if (parse(keyId) != null) {
      return null;
    }
    return keyId.startsWith(BUSINESS_ID) || keyId.startsWith(ATTEMPT_ID)
        ? "the id of its event's record is not known: Baanx's lists did not show the event"
        : "its id is not that of an event and a webhook: give eventId/webhookId, two UUIDs";
  }
}
