package dev.redrive.onlyoffice;

import dev.redrive.http.Recorded;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to a retry of many logs: those that were queued, fewer than asked for at times. */
record RetriedLogs(@Nullable List<@Nullable Recorded<LogRow>> response) {}
