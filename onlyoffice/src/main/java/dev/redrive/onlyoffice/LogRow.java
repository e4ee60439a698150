package dev.redrive.onlyoffice;

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
    @Nullable String nextAttemptOn) {}
