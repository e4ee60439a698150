package dev.redrive.cli.output;

import dev.redrive.FailureCause;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRetry;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of a delivery, in the words of the report. */
public enum Fate {
  DELIVERED("delivered", ""),
  FAILED_AGAIN("failed again", "Then --again sends it once more."),
  PENDING("pending", "The provider has it: run the same command again to read what became of it."),
  REJECTED("rejected", "The provider does not take it: look at it in the provider's console."),
  UNKNOWN(
      "unknown",
      "It may have been sent: ask the receiver whether it arrived, then 'redrive ledger resolve ID"
          + " --as delivered', or '--as send-again'."),
  NOT_SENT("not sent", "Run the same command again: it is still queued."),
  SKIPPED("skipped", "");

  /** All but skipped, which only rows of a list are. */
  public static final Set<Fate> IN_LEDGER =
      Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(SKIPPED)));

  private final String words;
  private final String advice;

  Fate(String words, String advice) {
    this.words = words;
    this.advice = advice;
  }

  public static Fate of(DeliveryState state) {
    return switch (state) {
      case DELIVERED -> DELIVERED;
      case FAILED_AGAIN -> FAILED_AGAIN;
      case ACCEPTED -> PENDING;
      case REJECTED -> REJECTED;
      case UNKNOWN, SENDING -> UNKNOWN;
      case FOUND -> NOT_SENT;
    };
  }

  /** Deliveries by their fate. */
  public static Map<Fate, Long> sums(Map<DeliveryState, Long> states) {
    Map<Fate, Long> sums = new EnumMap<>(Fate.class);
    states.forEach((state, count) -> sums.merge(of(state), count, Long::sum));
    return sums;
  }

  /** The same as the counts of a run that has skipped none. */
  public static DeliveryCounts counts(Map<Fate, Long> sums) {
    return new DeliveryCounts(
        sums.values().stream().mapToLong(Long::longValue).sum(),
        Map.of(),
        sums.getOrDefault(DELIVERED, 0L),
        sums.getOrDefault(FAILED_AGAIN, 0L),
        sums.getOrDefault(PENDING, 0L),
        sums.getOrDefault(REJECTED, 0L),
        sums.getOrDefault(UNKNOWN, 0L),
        sums.getOrDefault(NOT_SENT, 0L));
  }

  /** How many deliveries of a run have this fate. */
  public long in(DeliveryCounts counts) {
    return switch (this) {
      case DELIVERED -> counts.delivered();
      case FAILED_AGAIN -> counts.failedAgain();
      case PENDING -> counts.pending();
      case REJECTED -> counts.rejected();
      case UNKNOWN -> counts.unknown();
      case NOT_SENT -> counts.notSent();
      case SKIPPED -> counts.skippedInAll();
    };
  }

  /** As people say it. */
  public String words() {
    return words;
  }

  /** Why a retry ended so, as people say it; empty if its fate says it all. */
  public static String why(LedgerRetry retry) {
    return retry.reason() != null
        ? retry.reason()
        : retry.cause() == null ? "" : failure(retry.cause(), retry.httpStatus());
  }

  /** A failure as people say it. */
  public static String failure(FailureCause cause, @Nullable Integer httpStatus) {
    return cause.name().toLowerCase(Locale.ROOT).replace('_', ' ')
        + (httpStatus == null ? "" : " (HTTP " + httpStatus + ")");
  }

  public boolean isNotDelivered() {
    return this != DELIVERED && this != SKIPPED;
  }

  /** What to do about a delivery with this fate. */
  public String advice(LedgerEntry entry) {
    return this == FAILED_AGAIN ? entry.delivery().cause().advice() + " " + advice : advice;
  }

  @Override
  public String toString() {
    return words.toUpperCase(Locale.ROOT);
  }
}
