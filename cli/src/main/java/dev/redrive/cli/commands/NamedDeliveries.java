package dev.redrive.cli.commands;

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
import java.util.ArrayList;
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
  private final Map<DeliveryKey, FailedDelivery> found = new ConcurrentHashMap<>();
  private final Map<DeliveryKey, RetryResult> results = new ConcurrentHashMap<>();
  private final Map<DeliveryKey, RetryOutcome> outcomes = new ConcurrentHashMap<>();
  private final Map<DeliveryKey, LedgerEntry> entries = new ConcurrentHashMap<>();

  private String whyNotFound = "";

  public NamedDeliveries(WebhookRetryClient client, Set<String> ids) {
    this.client = client;
    this.ids = Set.copyOf(ids);
  }

  public boolean wasFound(DeliveryKey key) {
    return found.containsKey(key);
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
  @Nullable RetryResult sentInPlaceOf(DeliveryKey key) {
    FailedDelivery named = found.get(key);
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

  /** Why an id that was asked for is not among what the provider lists. */
  public synchronized String whyNotFound() {
    if (whyNotFound.isEmpty()) {
      whyNotFound =
          showsSomeOnly()
              ? "the provider shows some of its failed deliveries only, and this one is not among"
                  + " them: it may come into sight as others are recovered"
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

  /** Reads no further than to the last of them. */
  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    Listing<FailedDelivery> all = client.failures(query);
    return () -> listed(all).iterator();
  }

  private Iterable<FailedDelivery> listed(Listing<FailedDelivery> all) {
    found.clear();
    var wanted = new ArrayList<FailedDelivery>();
    for (FailedDelivery delivery : all) {
      if (ids.contains(delivery.key().id()) && found.put(delivery.key(), delivery) == null) {
        wanted.add(delivery);
        if (found.size() == ids.size()) {
          break;
        }
      }
    }
    return wanted;
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
