package dev.redrive.cli.options;

import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.TimeSource;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.WebhookRetryClient;
import dev.redrive.cli.terminal.Terminal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client for one webhook that checks that there is such a webhook before it lists: some providers
 * list nothing for a webhook that is not there, and that would look like "nothing failed".
 */
final class CheckedWebhook implements WebhookRetryClient {
  private final WebhookRetryClient client;
  private final String displayName;
  private final String webhook;
  private final Terminal terminal;
  private boolean isChecked;

  CheckedWebhook(WebhookRetryClient client, String displayName, String webhook, Terminal terminal) {
    this.client = client;
    this.displayName = displayName;
    this.webhook = webhook;
    this.terminal = terminal;
  }

  @Override
  public Listing<WebhookLog> logs(DeliveryQuery query) {
    check();
    return client.logs(query);
  }

  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    check();
    return client.failures(query);
  }

  @Override
  public List<Webhook> webhooks() {
    check();
    return client.webhooks();
  }

  @Override
  public Optional<FailedDelivery> find(String id) {
    return client.find(id);
  }

  @Override
  public Map<String, FailedDelivery> findAll(Collection<String> ids) {
    return client.findAll(ids);
  }

  @Override
  public Optional<Duration> clockSkew() {
    return client.clockSkew();
  }

  private synchronized void check() {
    if (!isChecked && client.traits().can(Capability.WEBHOOKS) && !isListed()) {
      throw new NotFoundException(
          FailedCall.withoutAnswer(
              displayName,
              "looking for webhook " + webhook,
              "there is no such webhook for this key, or none any more; 'redrive webhooks' lists"
                  + " what there is"),
          null);
    }
    isChecked = true;
  }

  /** Where webhooks cannot be listed, their failures may be all the same. */
  private boolean isListed() {
    try {
      return client.webhooks().stream().anyMatch(known -> known.id().equalsIgnoreCase(webhook));
    } catch (NotFoundException e) {
      terminal.warn(
          "whether there is a webhook " + webhook + " could not be checked: " + e.summary());
      return true;
    }
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
  public DeliveryKey key(String id) {
    return client.key(id);
  }

  @Override
  public long outOfSight() {
    return client.outOfSight();
  }

  @Override
  public RetryResult retry(FailedDelivery delivery) {
    return client.retry(delivery);
  }

  @Override
  public List<RetryResult> retryAll(List<FailedDelivery> deliveries) {
    return client.retryAll(deliveries);
  }

  @Override
  public void outcomes(List<RetryResult> results, Consumer<List<RetryOutcome>> reader) {
    client.outcomes(results, reader);
  }

  @Override
  public TimeSource timeSource() {
    return client.timeSource();
  }

  @Override
  public void close() {
    client.close();
  }
}
