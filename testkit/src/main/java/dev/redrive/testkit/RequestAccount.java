package dev.redrive.testkit;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts requests, and keeps the latest ones. */
final class RequestAccount {
  private final int limit;
  private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
  private final Deque<RecordedRequest> latest = new ArrayDeque<>();
  private final Map<String, Integer> retries = new HashMap<>();

  /**
   * Creates an empty record.
   *
   * @param limit how many requests to keep
   */
  RequestAccount(int limit) {
    this.limit = limit;
  }

  void add(Call call, List<String> ids, int status, Instant at) {
    counts.merge(call.operation(), 1L, Long::sum);
    if (call.operation() == Operation.RETRY) {
      ids.forEach(id -> retries.merge(id, 1, Integer::sum));
    }
    if (limit == 0) {
      return;
    }
    if (latest.size() == limit) {
      latest.remove();
    }
    latest.add(
        new RecordedRequest(
            call.operation(),
            call.method(),
            call.encodedPath(),
            call.queryParameters(),
            call.harmlessHeaders(),
            ids,
            call.bodySize(),
            status,
            at));
  }

  int retries(String id) {
    return retries.getOrDefault(id, 0);
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
