package dev.redrive.onlyoffice;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One log on the wire. Numbers that may grow new values are read as text, so that none makes a page
 * unreadable; {@code requestHeaders}, which holds a signature, is not read at all.
 */
record LogRow(
    @Nullable Integer id,
    @Nullable String configName,
    @Nullable String trigger,
    @Nullable String creationTime,
    @Nullable String route,
    @Nullable String requestPayload,
    @Nullable String responsePayload,
    @Nullable String status,
    @Nullable String delivery,
    @Nullable Integer attempts,
    @Nullable JsonNode nextAttemptOn) {
  /** Whether the portal will try again by itself, be it at a time that cannot be read. */
  boolean tellsNextAttempt() {
    return nextAttemptOn != null
        && !nextAttemptOn.isNull()
        && !(nextAttemptOn.isValueNode() && nextAttemptOn.asText().isBlank());
  }
}
