package dev.redrive.recovery;

import java.util.Map;

/**
 * What became of the deliveries of a run. Always adds up: {@code found} is the sum of all others.
 *
 * @param found failed deliveries that the providers listed, and what earlier runs left
 * @param skipped not sent on purpose, by reason; reasons that did not occur are left out
 * @param delivered the endpoint answered 2xx
 * @param failedAgain the new attempt failed
 * @param pending taken by the provider, outcome not known when the run ended
 * @param rejected the provider said no
 * @param unknown the provider may have sent it; its logs do not tell
 * @param notSent still queued: the next run sends them
 */
public record DeliveryCounts(
    long found,
    Map<SkipReason, Long> skipped,
    long delivered,
    long failedAgain,
    long pending,
    long rejected,
    long unknown,
    long notSent) {
  public DeliveryCounts {
    skipped = Map.copyOf(skipped);
  }

  /** All that was skipped. */
  public long skippedInAll() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What was skipped although its event may not have reached its endpoint. */
  public long skippedUndelivered() {
    return skipped.entrySet().stream()
        .filter(entry -> entry.getKey().leavesUndelivered())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Deliveries of this run whose event has not reached its endpoint, as far as is known. */
  public long notDelivered() {
    return failedAgain + pending + rejected + unknown + notSent;
  }

  /** Whether the parts sum up to what was found. */
  public boolean addsUp() {
    return found == skippedInAll() + delivered + notDelivered();
  }
}
