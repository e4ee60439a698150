package dev.redrive.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON, one object a line. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String line(Fields fields) {
    try {
      return MAPPER.writeValueAsString(fields.values());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Maps of plain values are always JSON", e);
    }
  }
}
