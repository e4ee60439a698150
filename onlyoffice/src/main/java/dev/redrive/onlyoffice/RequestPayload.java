package dev.redrive.onlyoffice;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.redrive.http.ProviderTime;
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
 * @param retriedOn when it was last sent; null before the second attempt
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
  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);

  static RequestPayload parse(@Nullable String json) {
    if (json == null) {
      return NONE;
    }
    JsonNode root;
    try {
      root = READER.readValue(json);
    } catch (JacksonException e) {
      return NONE;
    }
    JsonNode event = root.path("event");
    JsonNode webhook = root.path("webhook");
    return new RequestPayload(
        Fingerprint.of(event, webhook, root.path("payload")),
        text(event, "id"),
        text(event, "trigger"),
        text(root.path("payload"), "id"),
        text(webhook, "id"),
        text(webhook, "name"),
        text(webhook, "url"),
        text(webhook, "retryOn"),
        ProviderTime.parse(text(event, "createOn")));
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isValueNode() && !value.isNull() ? value.asText() : null;
  }
}
