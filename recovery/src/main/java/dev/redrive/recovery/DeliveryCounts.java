package dev.redrive.recovery;

import java.util.Map;

/**
 * Counts the deliveries of a run by what became of them. {@code found} is always the sum of all the
 * others.
 *
 * @param found failed deliveries that the providers listed or earlier runs left
 * @param skipped deliveries that were deliberately not sent, by reason; only reasons that occurred
 * @param delivered deliveries for which the endpoint returned 2xx
 * @param failedAgain deliveries whose new attempt failed
 * @param pending deliveries that the provider accepted, but whose outcome was not known at the end
 * @param rejected deliveries that the provider refused
 * @param unknown deliveries that the provider may have sent; its logs do not tell
 * @param notSent deliveries that are still queued for the next run
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

  /** Returns how many were skipped. */
  public long skippedInAll() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns how many were skipped although their event may not be delivered. */
  public long skippedUndelivered() {
    return skipped.entrySet().stream()
        .filter(entry -> entry.getKey().leavesUndelivered())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Returns how many deliveries of this run are not known to be delivered. */
  public long notDelivered() {
    return failedAgain + pending + rejected + unknown + notSent;
  }

  /** Whether the parts add up to what was found. */
  public boolean addsUp() {
    return found == skippedInAll() + delivered + notDelivered();
  }
}
