package dev.redrive.baanx;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.JsonText;
import org.jspecify.annotations.Nullable;

/** Reads the business id out of an attempt's record. */
final class BusinessId {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private BusinessId() {}

  static @Nullable String of(JsonText attempt) {
    try {
      return MAPPER.readTree(attempt.text()).path("eventId").textValue();
    } catch (JacksonException e) {
      return null;
    }
  }
}
