package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
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
@JsonDeserialize(using = PayloadReader.class)
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
  static final RequestPayload NONE =
      new RequestPayload(null, null, null, null, null, null, null, null, null);
}
