package dev.redrive.testkit;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Counts requests, and keeps the latest. */
final class RequestAccount {
  private final ToIntFunction<String> rowOf;
  private final int limit;
  private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
  private final Deque<RecordedRequest> latest = new ArrayDeque<>();
  private final IntColumn retries = new IntColumn();
  private final Map<String, Integer> retriesOfOthers = new HashMap<>();

  /**
   * Makes an empty account.
   *
   * @param rowOf the row of a delivery, -1 for an id that is none's
   * @param limit how many requests to keep
   */
  RequestAccount(ToIntFunction<String> rowOf, int limit) {
    this.rowOf = rowOf;
    this.limit = limit;
  }

  void add(Call call, Route route, int status, Instant at) {
    counts.merge(route.operation(), 1L, Long::sum);
    if (limit == 0) {
      return;
    }
    if (latest.size() == limit) {
      latest.remove();
    }
    latest.add(
        new RecordedRequest(
            route.operation(),
            call.method(),
            call.encodedPath(),
            call.queryParameters(),
            call.harmlessHeaders(),
            route.ids(),
            call.bodySize(),
            status,
            at));
  }

  void countRetry(String id) {
    int row = rowOf.applyAsInt(id);
    if (row < 0) {
      retriesOfOthers.merge(id, 1, Integer::sum);
    } else {
      retries.increment(row);
    }
  }

  int retries(String id) {
    int row = rowOf.applyAsInt(id);
    return row < 0 ? retriesOfOthers.getOrDefault(id, 0) : retries.getOrZero(row);
  }

  long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  long count(Operation operation) {
    return counts.getOrDefault(operation, 0L);
  }

  List<RecordedRequest> latest() {
    return List.copyOf(latest);
  }
}
