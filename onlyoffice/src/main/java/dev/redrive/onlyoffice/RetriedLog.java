package dev.redrive.onlyoffice;

import dev.redrive.http.Recorded;
import org.jspecify.annotations.Nullable;

/** The answer to a retry of one log: the queued log, or null from a build that resets it. */
record RetriedLog(@Nullable Recorded<LogRow> response) {}
