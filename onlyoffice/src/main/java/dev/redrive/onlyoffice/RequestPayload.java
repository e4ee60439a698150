package dev.redrive.onlyoffice;

import dev.redrive.http.ProviderTime;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The parsed {@code requestPayload} of a log. All fields are null if it has another form, as in
 * logs of older builds.
 *
 * @param fingerprint identifies the event at this webhook; see {@link Fingerprint}
 * @param logId the id of the log that was last sent with this payload: of the log itself once it
 *     was sent, and of the log that it was copied from before that
 * @param trigger the event's type
 * @param subject the id of the file, folder, room, user or group that the event is about
 * @param retriedOn when the last POST was made, if the portal repeated one that failed; else null
 * @param happenedAt when the event happened
 */
record RequestPayload(
    @Nullable String fingerprint,
    @Nullable String logId,
    @Nullable String trigger,
    @Nullable String subject,
    @Nullable String webhookId,
    @Nullable String webhookName,
    @Nullable String endpoint,
    @Nullable String retriedOn,
    @Nullable Instant happenedAt) {
  private static final RequestPayload NONE =
      new RequestPayload(null, null, null, null, null, null, null, null, null);

  static RequestPayload parse(@Nullable String json) {
    if (json == null) {
      return NONE;
    }
    CanonicalJson root;
    try {
      root = CanonicalJson.parse(json);
    } catch (IOException e) {
      return NONE;
    }
    CanonicalJson event = root.get("event");
    CanonicalJson webhook = root.get("webhook");
    CanonicalJson payload = root.get("payload");
    return new RequestPayload(
        Fingerprint.of(event, webhook, payload),
        event.get("id").text(),
        event.get("trigger").text(),
        payload.get("id").text(),
        webhook.get("id").text(),
        webhook.get("name").text(),
        webhook.get("url").text(),
        webhook.get("retryOn").text(),
        ProviderTime.parse(event.get("createOn").text()));
  }
}
