package dev.redrive.voiso;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads any scalar as text and anything else as missing: one odd field costs no list. */
final class LenientText extends JsonDeserializer<String> {
  @Override
  public @Nullable String deserialize(JsonParser parser, DeserializationContext context)
      throws IOException {
    if (parser.currentToken().isScalarValue()) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }
}
