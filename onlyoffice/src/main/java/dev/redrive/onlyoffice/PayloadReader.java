package dev.redrive.onlyoffice;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import dev.redrive.http.ProviderTime;
import dev.redrive.onlyoffice.CanonicalJson.Selection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a {@link RequestPayload} from the JSON in a string, without a copy of that string. */
final class PayloadReader extends JsonDeserializer<RequestPayload> {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public RequestPayload deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      parser.skipChildren();
      return RequestPayload.NONE;
    }
    char[] text = parser.getTextCharacters();
    int start = parser.getTextOffset();
    try (JsonParser payload = JSON.createParser(text, start, parser.getTextLength())) {
      return payload.nextToken() == JsonToken.START_OBJECT
          ? new Fields(payload).read()
          : RequestPayload.NONE;
    } catch (IOException e) {
      return RequestPayload.NONE;
    }
  }

  @Override
  public RequestPayload getNullValue(DeserializationContext context) {
    return RequestPayload.NONE;
  }

  /** The fields that are read, and a selection of those that identify the event. */
  private static final class Fields {
    private final JsonParser json;
    private @Nullable String logId;
    private @Nullable String trigger;
    private @Nullable String createdOn;
    private boolean isDated;
    private @Nullable String subject;
    private @Nullable String webhookId;
    private @Nullable String webhookName;
    private @Nullable String endpoint;
    private @Nullable String retriedOn;

    Fields(JsonParser json) {
      this.json = json;
    }

    RequestPayload read() throws IOException {
      CanonicalJson identity = CanonicalJson.read(json, this::root);
      return new RequestPayload(
          isDated && webhookId != null ? Fingerprint.of(identity) : null,
          logId,
          trigger,
          subject,
          webhookId,
          webhookName,
          endpoint,
          retriedOn,
          ProviderTime.parse(createdOn));
    }

    private @Nullable Selection root(String name) {
      return switch (name) {
        case "event" -> this::event;
        case "payload" -> this::payload;
        case "webhook" -> this::webhook;
        default -> null;
      };
    }

    private @Nullable Selection event(String name) throws IOException {
      switch (name) {
        case "id" -> logId = json.getValueAsString();
        case "trigger" -> trigger = json.getValueAsString();
        case "createOn" -> {
          createdOn = json.getValueAsString();
          isDated = json.currentToken() == JsonToken.VALUE_STRING;
        }
        default -> {}
      }
      return name.equals("id") ? null : Selection.EVERYTHING;
    }

    private Selection payload(String name) throws IOException {
      if (name.equals("id")) {
        subject = json.getValueAsString();
      }
      return Selection.EVERYTHING;
    }

    private @Nullable Selection webhook(String name) throws IOException {
      switch (name) {
        case "id" -> webhookId = json.getValueAsString();
        case "name" -> webhookName = json.getValueAsString();
        case "url" -> endpoint = json.getValueAsString();
        case "retryOn" -> retriedOn = json.getValueAsString();
        default -> {}
      }
      return name.equals("id") ? Selection.EVERYTHING : null;
    }
  }
}
