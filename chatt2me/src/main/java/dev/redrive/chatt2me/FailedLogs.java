package dev.redrive.chatt2me;

import dev.redrive.InvalidRequestException;
import dev.redrive.chatt2me.Chatt2meWire.LogRow;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PagesAhead;
import dev.redrive.http.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the failed logs of a webhook under both names of the status: the documentation has {@code
 * Failed}, the newest specification {@code Error}. If the hub refuses the first name, or finds
 * nothing although it counts errors, the second name is tried, and after that all logs are read: an
 * empty list must not hide a failure. If the hub does not say how many errors there are, both names
 * are tried, and an empty list counts if one name was accepted.
 */
final class FailedLogs {
  private static final List<String> NAMES = List.of("Failed", "Error");

  private final LogReader reader;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> understood = ConcurrentHashMap.newKeySet();

  FailedLogs(LogReader reader) {
    this.reader = reader;
  }

  /**
   * Returns the failed logs; other logs may be among them. The first page is read at once, the
   * others lazily. See {@link LogReader#read}.
   */
  Iterator<Recorded<LogRow>> read(
      LogSource source, @Nullable Instant since, PagesAhead ahead, LeftOutRows leftOut) {
    String id = source.webhookId();
    List<String> refusing = new ArrayList<>();
    Iterator<Recorded<LogRow>> empty = null;
    Long errors = null;
    for (String name : names()) {
      try {
        Iterator<Recorded<LogRow>> rows = reader.read(id, name, since, ahead, leftOut);
        boolean any = rows.hasNext();
        refused.addAll(refusing);
        if (any) {
          understood.add(name);
          return rows;
        }
        errors = empty == null ? errors(source) : errors;
        if (errors != null && errors == 0) {
          return rows;
        }
        empty = rows;
      } catch (InvalidRequestException e) {
        if (understood.contains(name) || !isRefusal(e)) {
          throw e;
        }
        refusing.add(name);
      }
    }
    if (empty != null && errors == null) {
      return empty;
    }
    Iterator<Recorded<LogRow>> all = reader.read(id, null, since, ahead, leftOut);
    boolean unused = all.hasNext();
    refused.addAll(refusing);
    return all;
  }

  /** Returns the names to try. Names that found logs before come first. */
  private List<String> names() {
    return NAMES.stream()
        .filter(name -> !refused.contains(name))
        .sorted(Comparator.comparing(name -> !understood.contains(name)))
        .toList();
  }

  private @Nullable Long errors(LogSource source) {
    return source.swept() ? source.failedLogs() : reader.errors(source.webhookId());
  }

  private static boolean isRefusal(InvalidRequestException e) {
    Integer status = e.call().httpStatus();
    return status != null && (status == 400 || status == 422);
  }
}
