package dev.redrive.recovery.engine;

import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import dev.redrive.recovery.StopRule;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes that the {@link StopRule} looks at: those of the deliveries that were sent to a
 * webhook last. These show the present state of the endpoint best, and outcomes come in in any
 * order.
 */
final class OutcomeWindow {
  private record Outcome(@Nullable Instant sentAt, @Nullable Instant madeAt, boolean hasFailed) {}

  private static final Comparator<Outcome> SENT_FIRST =
      Comparator.comparing(Outcome::sentAt, nullsFirst(naturalOrder()))
          .thenComparing(Outcome::madeAt, nullsFirst(naturalOrder()));

  private final StopRule rule;
  private final PriorityQueue<Outcome> latest = new PriorityQueue<>(SENT_FIRST);
  private int failed;

  OutcomeWindow(StopRule rule) {
    this.rule = rule;
  }

  void add(LedgerEntry entry, boolean hasFailed) {
    latest.add(new Outcome(entry.requestedAt(), entry.delivery().latest().createdAt(), hasFailed));
    failed += hasFailed ? 1 : 0;
    if (latest.size() > rule.window()) {
      failed -= latest.remove().hasFailed() ? 1 : 0;
    }
  }

  boolean isBad() {
    return latest.size() >= rule.minimum() && failed > rule.failedShare() * latest.size();
  }

  String describe() {
    return failed + " of the latest " + latest.size() + " retries failed again";
  }
}
