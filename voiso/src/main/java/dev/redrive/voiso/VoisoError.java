package dev.redrive.voiso;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code {"error": text}} or {@code {"errors": {parameter: [text]}}}. */
record VoisoError(@Nullable JsonNode error, @Nullable JsonNode errors) implements ErrorBody {
  @Override
  public @Nullable String errorMessage() {
    if (error != null && error.isTextual()) {
      return error.textValue();
    }
    if (errors == null || errors.isEmpty()) {
      return null;
    }
    var parameters = new ArrayList<String>();
    errors
        .properties()
        .forEach(each -> parameters.add(each.getKey() + " " + texts(each.getValue())));
    return String.join("; ", parameters);
  }

  @Override
  public @Nullable String errorCode() {
    return null;
  }

  private static String texts(JsonNode messages) {
    if (!messages.isArray()) {
      return messages.asText();
    }
    List<String> texts = new ArrayList<>();
    messages.forEach(message -> texts.add(message.asText()));
    return String.join(", ", texts);
  }
}
