package dev.redrive;

/** What only some providers can do. See {@link ProviderTraits#capabilities()}. */
public enum Capability {
  /** {@link WebhookRetryClient#webhooks()}. */
  WEBHOOKS("listing webhooks"),
  /** {@link WebhookRetryClient#logs}: successful attempts are listed, too. */
  LOGS("listing delivery logs"),
  /**
   * One request retries many deliveries. Without it, {@code retryAll} sends one request for each.
   */
  BULK_RETRY("retrying many deliveries in one request"),
  /**
   * A bulk retry may contain deliveries of several webhooks. Without it, all must be of one
   * webhook.
   */
  BULK_ACROSS_WEBHOOKS("retrying deliveries of several webhooks in one request"),
  /** A failed delivery has the HTTP status of its endpoint, which gives its cause. */
  CAUSES("reporting the cause of a failure"),
  /** {@link DeliveryQuery#webhookId()} narrows what is listed. */
  WEBHOOK_FILTER("listing by webhook"),
  /**
   * Delivery ids are unique across accounts. An account's name is only a label: the same id under
   * another account name is the same delivery.
   */
  UNIQUE_IDS("ids that are unique across accounts"),
  /** {@link WebhookRetryClient#find}: one delivery is read by its id. */
  FIND("reading one delivery by its id");

  private final String description;

  Capability(String description) {
    this.description = description;
  }

  /** Returns a phrase that describes it, such as {@code "listing webhooks"}. */
  public String description() {
    return description;
  }
}
