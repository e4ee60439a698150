package dev.redrive;

/** What only some providers can do. {@link ProviderTraits#capabilities()} tells which. */
public enum Capability {
  /** {@link WebhookRetryClient#webhooks()}. */
  WEBHOOKS("listing webhooks"),
  /** {@link WebhookRetryClient#logs}: attempts that succeeded are listed too. */
  LOGS("listing delivery logs"),
  /** One request retries many deliveries. Without it, {@code retryAll} sends one request each. */
  BULK_RETRY("retrying many deliveries in one request"),
  /** One request may retry deliveries of several webhooks; else it takes those of one. */
  BULK_ACROSS_WEBHOOKS("retrying deliveries of several webhooks in one request"),
  /** A failed delivery names its endpoint's HTTP status, so that causes can be told apart. */
  CAUSES("telling the cause of a failure"),
  /** {@link DeliveryQuery#webhookId()} narrows what is listed. */
  WEBHOOK_FILTER("listing by webhook"),
  /**
   * The ids of its deliveries are unique by themselves: an account's name is a label, and the same
   * id under another name is the same delivery.
   */
  UNIQUE_IDS("ids that are unique over all accounts");

  private final String description;

  Capability(String description) {
    this.description = description;
  }

  /** What it is, as a phrase: {@code "listing webhooks"}. */
  public String description() {
    return description;
  }
}
