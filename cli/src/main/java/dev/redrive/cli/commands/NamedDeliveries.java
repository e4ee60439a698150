package dev.redrive.cli.commands;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.ProviderTraits;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.recovery.ledger.LedgerEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that lists the named deliveries alone, and remembers what came of each. */
public final class NamedDeliveries implements WebhookRetryClient {
  private final WebhookRetryClient client;
  private final Set<String> ids;
  private final Map<String, FailedDelivery> known;
  private final ListProgress progress;
  private final Map<String, FailedDelivery> found = new ConcurrentHashMap<>();
  private final Map<String, WebhookLog> needless = new ConcurrentHashMap<>();
  private final Map<DeliveryKey, RetryResult> results = new ConcurrentHashMap<>();
  private final Map<DeliveryKey, RetryOutcome> outcomes = new ConcurrentHashMap<>();
  private final Map<DeliveryKey, LedgerEntry> entries = new ConcurrentHashMap<>();

  private String whyNotFound = "";

  /**
   * Lists deliveries by their ids.
   *
   * @param known those that need not be read, by the ids that they were named by: the ledger has
   *     their retries under way
   * @param progress shown while a list is read
   */
  public NamedDeliveries(
      WebhookRetryClient client,
      Set<String> ids,
      Map<String, FailedDelivery> known,
      ListProgress progress) {
    this.client = client;
    this.ids = Set.copyOf(ids);
    this.known = Map.copyOf(known);
    this.progress = progress;
  }

  /** The key of the delivery that an id names. */
  public DeliveryKey keyOf(String id) {
    FailedDelivery delivery = found.get(id);
    return delivery == null ? client.key(id) : delivery.key();
  }

  public boolean wasFound(String id) {
    return found.containsKey(id);
  }

  /** The attempt that shows why a delivery needs no retry; null if none does. */
  @Nullable WebhookLog needless(String id) {
    return needless.get(id);
  }

  /** What the ledger holds after the run of a delivery that an id names; null if nothing. */
  @Nullable LedgerEntry entryOf(String id) {
    DeliveryKey key = keyOf(id);
    LedgerEntry entry = entries.get(key);
    return entry != null
        ? entry
        : entries.values().stream()
            .filter(one -> one.delivery().key().equals(key))
            .findFirst()
            .orElse(null);
  }

  @Nullable RetryResult resultOf(DeliveryKey key) {
    return results.get(key);
  }

  @Nullable RetryOutcome outcomeOf(DeliveryKey key) {
    return outcomes.get(key);
  }

  /** Takes note of what the ledger holds of a delivery after the run. */
  public void recorded(LedgerEntry entry) {
    entries.put(entry.key(), entry);
  }

  /**
   * The retry of another attempt of a delivery's event: one that the provider lists with it, or
   * that the ledger knows as made by an earlier retry of it. Null if there was none.
   */
  @Nullable RetryResult sentInPlaceOf(String id) {
    DeliveryKey key = keyOf(id);
    FailedDelivery named = found.get(id);
    LedgerEntry entry = entries.get(key);
    return results.values().stream()
        .filter(
            result ->
                (named != null && result.delivery().lineage().equals(named.lineage()))
                    || (entry != null && isOf(entry, result)))
        .findFirst()
        .orElse(null);
  }

  /** An entry's delivery is the attempt that was sent, or the one that a failed retry made. */
  private boolean isOf(LedgerEntry entry, RetryResult result) {
    RetryOutcome outcome = outcomes.get(result.key());
    WebhookLog made = outcome == null ? null : outcome.log();
    DeliveryKey latest = entry.delivery().key();
    return result.key().equals(latest) || (made != null && made.key().equals(latest));
  }

  /** Why an id that was asked for is not among what the provider shows. */
  public synchronized String whyNotFound() {
    if (whyNotFound.isEmpty()) {
      whyNotFound =
          client.traits().can(Capability.FIND)
              ? "the provider does not know this id, or does not show it to this key"
              : showsSomeOnly()
                  ? "the provider shows some of its failed deliveries only, and this one is not"
                      + " among them: it may come into sight as others are recovered"
                  : "the provider lists no failed delivery with this id";
    }
    return whyNotFound;
  }

  private boolean showsSomeOnly() {
    try {
      return client.outOfSight() > 0;
    } catch (RedriveException e) {
      // What came of the other deliveries is worth more than this.
      return client.traits().visibleFailures() != null;
    }
  }

  /** Reads each by its id where the API can; else lists, no further than to the last of them. */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return () -> read(query).iterator();
  }

  private Collection<FailedDelivery> read(DeliveryQuery query) {
    found.clear();
    needless.clear();
    found.putAll(known);
    Set<String> wanted = new HashSet<>(ids);
    wanted.removeAll(known.keySet());
    if (client.traits().can(Capability.FIND)) {
      client.findAll(wanted).forEach(this::take);
    } else if (!wanted.isEmpty()) {
      list(query, wanted);
    }
    Map<DeliveryKey, FailedDelivery> each = new LinkedHashMap<>();
    found.values().forEach(delivery -> each.putIfAbsent(delivery.key(), delivery));
    return each.values();
  }

  private void take(String id, FailedDelivery delivery) {
    switch (delivery.latest().status()) {
      case SUCCEEDED, PENDING -> needless.put(id, delivery.latest());
      case FAILED, UNKNOWN -> found.put(id, delivery);
    }
  }

  private void list(DeliveryQuery query, Set<String> wanted) {
    Set<String> left = new HashSet<>(wanted);
    for (FailedDelivery delivery : client.failures(query)) {
      progress.read();
      if (left.remove(delivery.key().id())) {
        found.put(delivery.key().id(), delivery);
        if (left.isEmpty()) {
          return;
        }
      }
    }
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    return keep(client.retry(delivery));
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    List<RetryResult> all = client.retryAll(deliveries);
    all.forEach(this::keep);
    return all;
  }

  private RetryResult keep(RetryResult result) {
    results.put(result.key(), result);
    outcomes.remove(result.key());
    return result;
  }

  @Override
  public void outcomes(List<RetryResult> asked, Consumer<List<RetryOutcome>> reader) {
    client.outcomes(
        asked,
        told -> {
          told.forEach(outcome -> outcomes.put(outcome.key(), outcome));
          reader.accept(told);
        });
  }

  @Override
  public ProviderTraits traits() {
    return client.traits();
  }

  @Override
  public String account() {
    return client.account();
  }

  @Override
  public List<Webhook> webhooks() {
    return client.webhooks();
  }

  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    return client.logs(query);
  }

  @Override
  public void close() {
    client.close();
  }
}
