package dev.redrive;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One delivery attempt as the provider recorded it. Build it with {@link #builder}: components may
 * be added in a later version.
 *
 * @param key the delivery that this is an attempt of
 * @param logId the provider's id of this record; equals {@code key.id()} but at Baanx, where a
 *     delivery has many attempts
 * @param lineage names the chain of attempts that this one belongs to: two logs of one account
 *     share it only if they try to deliver the same event to the same webhook. Equals {@code logId}
 *     only where the provider does not tell
 * @param webhookId the subscription's id, null if not told
 * @param webhookName the subscription's name, null if not told
 * @param endpoint the receiver's URL, null if not told
 * @param eventId the provider's name for the event or its subject, null if not told. At Chatt2.me
 *     the message id, which several events share
 * @param eventType the event's type, null if not told
 * @param status what came of the attempt
 * @param providerStatus the provider's own word for it, as sent
 * @param httpStatus what the endpoint answered; null if it gave no answer or the provider does not
 *     tell
 * @param error the provider's error text, null if none. May hold control characters: see {@link
 *     ProviderText}
 * @param responseBody what the endpoint answered, null if not told
 * @param attemptNumber counted from 1, null if not told
 * @param createdAt when the provider recorded the attempt, null if not told
 * @param attemptedAt when the provider last sent it, null if not told
 * @param nextRetryAt when the provider will send it again by itself, null if it will not
 * @param json the provider's record, word for word
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

  /** A builder with {@code logId} and {@code lineage} set to {@code key.id()}. */
  public static Builder builder(DeliveryKey key, DeliveryStatus status) {
    return new Builder(key, status);
  }

  /** Names and states only: no payload, response or endpoint query reaches a log line. */
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

  /** Builds a {@link WebhookLog}; everything not set is null, or as {@link #builder} says. */
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

    public Builder logId(String logId) {
      this.logId = logId;
      return this;
    }

    public Builder lineage(String lineage) {
      this.lineage = lineage;
      return this;
    }

    public Builder webhook(@Nullable String id, @Nullable String name, @Nullable String endpoint) {
      this.webhookId = id;
      this.webhookName = name;
      this.endpoint = endpoint;
      return this;
    }

    public Builder event(@Nullable String id, @Nullable String type) {
      this.eventId = id;
      this.eventType = type;
      return this;
    }

    public Builder providerStatus(String providerStatus) {
      this.providerStatus = providerStatus;
      return this;
    }

    public Builder httpStatus(@Nullable Integer httpStatus) {
      this.httpStatus = httpStatus;
      return this;
    }

    public Builder error(@Nullable String error) {
      this.error = error;
      return this;
    }

    public Builder responseBody(@Nullable String responseBody) {
      this.responseBody = responseBody;
      return this;
    }

    public Builder attemptNumber(@Nullable Integer attemptNumber) {
      this.attemptNumber = attemptNumber;
      return this;
    }

    public Builder createdAt(@Nullable Instant createdAt) {
      this.createdAt = createdAt;
      return this;
    }

    public Builder attemptedAt(@Nullable Instant attemptedAt) {
      this.attemptedAt = attemptedAt;
      return this;
    }

    public Builder nextRetryAt(@Nullable Instant nextRetryAt) {
      this.nextRetryAt = nextRetryAt;
      return this;
    }

    public Builder json(JsonText json) {
      this.json = json;
      return this;
    }

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
