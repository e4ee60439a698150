package dev.redrive.cli.commands;

import dev.redrive.FailureCause;
import dev.redrive.ProviderText;
import dev.redrive.WebhookLog;
import dev.redrive.cli.output.Fate;
import dev.redrive.cli.page.Timeline;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a report shows of a run's deliveries, gathered one by one in little memory. */
public final class RunSummary {
  /** Deliveries that are named one by one; the rest is counted. */
  public static final int MOST_NAMED = 1000;

  private static final int MOST_ENDPOINTS = 1000;
  private static final String OTHERS = "(others)";

  private final Map<String, Count> byCause = new TreeMap<>();
  private final Map<String, Count> byEndpoint = new TreeMap<>();
  private final Timeline failures = new Timeline();
  private final Timeline recovery = new Timeline();
  private final List<LedgerEntry> left = new ArrayList<>();
  private long leftInAll;
  private long withoutTime;

  public void add(LedgerEntry entry) {
    Fate fate = Fate.of(entry.state());
    if (fate == Fate.SKIPPED) {
      return;
    }
    boolean good = fate == Fate.DELIVERED;
    WebhookLog latest = entry.delivery().latest();
    count(byCause, name(entry.first().cause()), good);
    count(byEndpoint, endpoint(latest), good);
    addTimes(entry, good);
    if (!good) {
      leftInAll++;
      if (left.size() < MOST_NAMED) {
        left.add(entry);
      }
    }
  }

  /** When the deliveries failed, by what became of them since. */
  public Timeline failures() {
    return failures;
  }

  /** When they were sent again, as far as the outcome is known. */
  public Timeline recovery() {
    return recovery;
  }

  /** Deliveries that {@link #failures} leaves out, as the time of their failure is not known. */
  public long withoutTime() {
    return withoutTime;
  }

  public Map<String, Count> byCause() {
    return mostFirst(byCause);
  }

  public Map<String, Count> byEndpoint() {
    return mostFirst(byEndpoint);
  }

  /** The first of what is not delivered. */
  public List<LedgerEntry> left() {
    return left;
  }

  /** How many of it are not in {@link #left}. */
  public long leftUnnamed() {
    return leftInAll - left.size();
  }

  private void addTimes(LedgerEntry entry, boolean good) {
    boolean failedAgain = entry.state() == DeliveryState.FAILED_AGAIN;
    Instant failed = entry.first().at();
    if (failed == null) {
      withoutTime++;
    } else {
      failures.add(failed, good);
    }
    Instant settled = entry.settledAt();
    if (settled != null && (good || failedAgain)) {
      recovery.add(settled, good);
    }
  }

  private static void count(Map<String, Count> counts, String name, boolean good) {
    boolean known = counts.containsKey(name) || counts.size() < MOST_ENDPOINTS;
    counts.merge(known ? name : OTHERS, Count.of(good), Count::plus);
  }

  /** A cause as people write it. */
  public static String name(FailureCause cause) {
    String name = cause.name().replace('_', ' ');
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  /** The receiver's URL, or the webhook where the provider does not tell it. */
  public static String endpoint(WebhookLog log) {
    String endpoint = ProviderText.endpoint(log.endpoint());
    if (endpoint != null && !endpoint.isEmpty()) {
      return endpoint;
    }
    return log.webhookId() == null ? "(not told)" : "webhook " + log.webhookId();
  }

  private static Map<String, Count> mostFirst(Map<String, Count> counts) {
    Map<String, Count> sorted = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Comparator.comparing(entry -> -entry.getValue().total()))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  /**
   * How many of a kind.
   *
   * @param good delivered
   * @param bad not
   */
  public record Count(long good, long bad) {
    public static Count of(boolean good) {
      return good ? new Count(1, 0) : new Count(0, 1);
    }

    public Count plus(Count other) {
      return new Count(good + other.good, bad + other.bad);
    }

    public long total() {
      return good + bad;
    }
  }
}
