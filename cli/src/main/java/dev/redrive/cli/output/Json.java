package dev.redrive.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON, one object a line. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  public static String line(Fields fields) {
    try {
      return MAPPER.writeValueAsString(fields.values());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Maps of plain values are always JSON", e);
    }
  }
}
