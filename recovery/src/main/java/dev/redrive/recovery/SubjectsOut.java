package dev.redrive.recovery;

import dev.redrive.recovery.InMemoryLedger.Subject;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts, over all runs, how many deliveries of each subject are out. */
final class SubjectsOut {
  private final Map<Subject, Integer> counts = new HashMap<>();

  void add(MemoryDelivery delivery) {
    if (delivery.keepsSiblingsWaiting()) {
      counts.merge(delivery.subject(), 1, Integer::sum);
    }
  }

  void remove(MemoryDelivery delivery) {
    if (delivery.keepsSiblingsWaiting()) {
      counts.computeIfPresent(delivery.subject(), (subject, n) -> n == 1 ? null : n - 1);
    }
  }

  boolean contains(@Nullable Subject subject) {
    return counts.containsKey(subject);
  }
}
