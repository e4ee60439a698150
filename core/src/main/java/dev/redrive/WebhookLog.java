package dev.redrive;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One delivery attempt, as the provider recorded it. Immutable. Create it with {@link #builder}: a
 * later version may add components.
 *
 * @param key the delivery that was attempted; its id is the one that a retry names
 * @param logId the provider's id of this record. It differs from {@code key.id()} where a delivery
 *     has many attempts (Baanx), where {@link WebhookRetryClient#find} returns a newer attempt
 *     (ONLYOFFICE), or where the provider refuses to retry an attempt that a retry made: then the
 *     key names the first one
 * @param lineage identifies the chain of attempts that this one belongs to: two logs of an account
 *     share a lineage only if both try to deliver the same event to the same webhook. It equals
 *     {@code logId} only if the provider does not say
 * @param webhookId the subscription's id; null if the provider does not say
 * @param webhookName the subscription's name; null if the provider does not say
 * @param endpoint the receiver's URL; null if the provider does not say. Its query may hold a
 *     token: see {@link ProviderText#endpoint}
 * @param eventId the provider's id of the event or its subject; null if the provider does not say.
 *     At Chatt2.me this is the message id, which several events share
 * @param eventType the event's type; null if the provider does not say
 * @param status the result of the attempt
 * @param providerStatus the provider's own word for the status, as sent
 * @param httpStatus the HTTP status that the endpoint returned; null if it did not respond or the
 *     provider does not say
 * @param error the provider's error text; null if there is none. It may contain control characters:
 *     see {@link ProviderText}
 * @param responseBody the body that the endpoint returned; null if the provider does not say
 * @param attemptNumber the number of the attempt, from 1; null if the provider does not say
 * @param createdAt when the provider recorded the attempt; null if the provider does not say
 * @param attemptedAt when the provider last sent the event; null if the provider does not say
 * @param nextRetryAt when the provider will send the event again by itself; null if it will not
 * @param json the provider's record, verbatim
 */
public record WebhookLog(
    DeliveryKey key,
    String logId,
    String lineage,
    @Nullable String webhookId,
    @Nullable String webhookName,
    @Nullable String endpoint,
    @Nullable String eventId,
    @Nullable String eventType,
    DeliveryStatus status,
    String providerStatus,
    @Nullable Integer httpStatus,
    @Nullable String error,
    @Nullable String responseBody,
    @Nullable Integer attemptNumber,
    @Nullable Instant createdAt,
    @Nullable Instant attemptedAt,
    @Nullable Instant nextRetryAt,
    JsonText json) {

  public WebhookLog {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(logId, "logId");
    Objects.requireNonNull(lineage, "lineage");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(providerStatus, "providerStatus");
    Objects.requireNonNull(json, "json");
  }

  /**
   * Returns a builder. {@code logId} and {@code lineage} are set to {@code key.id()}, and {@code
   * providerStatus} to the name of {@code status}; everything else is null.
   */
  public static Builder builder(DeliveryKey key, DeliveryStatus status) {
    return new Builder(key, status);
  }

  /** Ids, type, status and time only, so that no payload, response or token reaches a log line. */
  @Override
  public String toString() {
    return "WebhookLog["
        + ProviderText.clean(key.toString())
        + (logId.equals(key.id()) ? "" : ", log " + ProviderText.clean(logId))
        + (eventType == null ? "" : ", " + ProviderText.clean(eventType))
        + ", "
        + status
        + (httpStatus == null ? "" : ", HTTP " + httpStatus)
        + (createdAt == null ? "" : ", " + createdAt)
        + "]";
  }

  /** Builds a {@link WebhookLog}. What is not set is null, or as {@link #builder} says. */
  public static final class Builder {
    private final DeliveryKey key;
    private final DeliveryStatus status;
    private String logId;
    private String lineage;
    private @Nullable String webhookId;
    private @Nullable String webhookName;
    private @Nullable String endpoint;
    private @Nullable String eventId;
    private @Nullable String eventType;
    private String providerStatus;
    private @Nullable Integer httpStatus;
    private @Nullable String error;
    private @Nullable String responseBody;
    private @Nullable Integer attemptNumber;
    private @Nullable Instant createdAt;
    private @Nullable Instant attemptedAt;
    private @Nullable Instant nextRetryAt;
    private JsonText json = JsonText.NONE;

    private Builder(DeliveryKey key, DeliveryStatus status) {
      this.key = key;
      this.status = status;
      this.logId = key.id();
      this.lineage = key.id();
      this.providerStatus = status.name();
    }

    /** The provider's id of this record; by default the id of the key. */
    public Builder logId(String logId) {
      this.logId = logId;
      return this;
    }

    /** The chain of attempts that this one belongs to; by default the id of the key. */
    public Builder lineage(String lineage) {
      this.lineage = lineage;
      return this;
    }

    /** The webhook: its id, its name and the receiver's URL. */
    public Builder webhook(@Nullable String id, @Nullable String name, @Nullable String endpoint) {
      this.webhookId = id;
      this.webhookName = name;
      this.endpoint = endpoint;
      return this;
    }

    /** The event: the provider's id of it, and its type. */
    public Builder event(@Nullable String id, @Nullable String type) {
      this.eventId = id;
      this.eventType = type;
      return this;
    }

    /** The provider's own word for the status; by default the name of the status. */
    public Builder providerStatus(String providerStatus) {
      this.providerStatus = providerStatus;
      return this;
    }

    /** The HTTP status that the endpoint returned; null if it did not respond. */
    public Builder httpStatus(@Nullable Integer httpStatus) {
      this.httpStatus = httpStatus;
      return this;
    }

    /** The provider's error text. */
    public Builder error(@Nullable String error) {
      this.error = error;
      return this;
    }

    /** The body that the endpoint returned. */
    public Builder responseBody(@Nullable String responseBody) {
      this.responseBody = responseBody;
      return this;
    }

    /** The number of the attempt, from 1. */
    public Builder attemptNumber(@Nullable Integer attemptNumber) {
      this.attemptNumber = attemptNumber;
      return this;
    }

    /** When the provider recorded the attempt. */
    public Builder createdAt(@Nullable Instant createdAt) {
      this.createdAt = createdAt;
      return this;
    }

    /** When the provider last sent the event. */
    public Builder attemptedAt(@Nullable Instant attemptedAt) {
      this.attemptedAt = attemptedAt;
      return this;
    }

    /** When the provider will send the event again by itself; null if it will not. */
    public Builder nextRetryAt(@Nullable Instant nextRetryAt) {
      this.nextRetryAt = nextRetryAt;
      return this;
    }

    /** The provider's record, verbatim; {@link JsonText#NONE} by default. */
    public Builder json(JsonText json) {
      this.json = json;
      return this;
    }

    /** Returns the log. */
    public WebhookLog build() {
      return new WebhookLog(
          key,
          logId,
          lineage,
          webhookId,
          webhookName,
          endpoint,
          eventId,
          eventType,
          status,
          providerStatus,
          httpStatus,
          error,
          responseBody,
          attemptNumber,
          createdAt,
          attemptedAt,
          nextRetryAt,
          json);
    }
  }
}
