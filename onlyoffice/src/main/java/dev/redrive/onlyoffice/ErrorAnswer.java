package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.http.ErrorBody;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error on the wire: thrown ({@code error}), or a validation error in the place of the answer
 * ({@code response}). The server's {@code stack} is not looked at.
 */
record ErrorAnswer(@Nullable JsonNode error, @Nullable JsonNode response) implements ErrorBody {
  @Override
  public @Nullable String errorMessage() {
    String thrown = text(error, "message");
    return thrown == null ? validationMessage() : thrown;
  }

  @Override
  public @Nullable String errorCode() {
    return text(error, "type");
  }

  private @Nullable String validationMessage() {
    String title = text(response, "title");
    if (response == null || title == null) {
      return null;
    }
    List<String> problems = new ArrayList<>();
    for (var field : response.path("errors").properties()) {
      for (JsonNode problem : field.getValue()) {
        problems.add(field.getKey() + ": " + problem.asText());
      }
    }
    return problems.isEmpty() ? title : title + " " + String.join("; ", problems);
  }

  private static @Nullable String text(@Nullable JsonNode node, String field) {
    JsonNode value = node == null ? null : node.get(field);
    return value == null || !value.isTextual() ? null : value.asText();
  }
}
