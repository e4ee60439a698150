package dev.redrive;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to list. Immutable; queries with the same filters are equal. A delivery must
 * match every filter. Where a provider cannot filter, the client does.
 */
public final class DeliveryQuery {
  private static final DeliveryQuery ALL = new DeliveryQuery(new Builder());

  private final @Nullable Instant since;
  private final @Nullable Instant until;
  private final @Nullable String webhookId;
  private final Set<String> eventTypes;
  private final Set<FailureCause> causes;
  private final long limit;
  private final boolean includesProviderRetries;

  private DeliveryQuery(Builder builder) {
    this.since = builder.since;
    this.until = builder.until;
    this.webhookId = builder.webhookId;
    this.eventTypes = Set.copyOf(builder.eventTypes);
    this.causes = Set.copyOf(builder.causes);
    this.limit = builder.limit;
    this.includesProviderRetries = builder.includesProviderRetries;
  }

  /** Returns a query that matches everything. */
  public static DeliveryQuery all() {
    return ALL;
  }

  /** Returns a query for what was recorded at {@code since} or later, in the provider's time. */
  public static DeliveryQuery since(Instant since) {
    return builder().since(since).build();
  }

  /** Returns a builder that starts from {@link #all()}. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that starts from this query. */
  public Builder toBuilder() {
    var builder = new Builder();
    builder.since = since;
    builder.until = until;
    builder.webhookId = webhookId;
    builder.eventTypes.addAll(eventTypes);
    builder.causes.addAll(causes);
    builder.limit = limit;
    builder.includesProviderRetries = includesProviderRetries;
    return builder;
  }

  /**
   * Returns the earliest time of recording, inclusive, in the provider's time; null for no bound.
   */
  public @Nullable Instant since() {
    return since;
  }

  /** Returns the latest time of recording, exclusive, in the provider's time; null for no bound. */
  public @Nullable Instant until() {
    return until;
  }

  /**
   * Returns the id of the only webhook to list; null for the client's default webhook or, if it has
   * none, all webhooks.
   */
  public @Nullable String webhookId() {
    return webhookId;
  }

  /** Returns the event types to list; empty for all. Unmodifiable. */
  public Set<String> eventTypes() {
    return eventTypes;
  }

  /** Returns the causes to list; empty for all. Unmodifiable. Only {@code failures} uses it. */
  public Set<FailureCause> causes() {
    return causes;
  }

  /** Returns the most rows to list; {@code Long.MAX_VALUE} for all. */
  public long limit() {
    return limit;
  }

  /**
   * Whether {@code failures} also lists deliveries that the provider is still retrying by itself.
   * {@link FailedDelivery#providerRetriesAt()} marks them. They are left out by default, because a
   * retry now may deliver the event twice.
   */
  public boolean includesProviderRetries() {
    return includesProviderRetries;
  }

  /**
   * Whether a log matches by time, webhook and event type. A log without webhook or type matches,
   * so that nothing is lost because a field is missing. A log without a readable time does not
   * match a query with {@code since} or {@code until}, so that no old event is sent by mistake; see
   * {@link #cannotDate(WebhookLog)}. Webhook ids are compared without regard to case: most are
   * UUIDs.
   */
  public boolean matches(WebhookLog log) {
    return matchesTime(log.createdAt()) && matchesButForTime(log);
  }

  /**
   * Whether a failed delivery matches: as {@link #matches(WebhookLog)} says, and by its cause and
   * whether the provider is still retrying it.
   */
  public boolean matches(FailedDelivery delivery) {
    return matchesTime(delivery.latest().createdAt()) && matchesButForTime(delivery);
  }

  /**
   * Whether a log fails to match only because it has no readable time: the query has a bound, and
   * everything else matches. Such a log is left out and counted in {@link Listing#leftOut()}.
   */
  public boolean cannotDate(WebhookLog log) {
    return isBounded() && log.createdAt() == null && matchesButForTime(log);
  }

  /** As {@link #cannotDate(WebhookLog)}, for a failed delivery. */
  public boolean cannotDate(FailedDelivery delivery) {
    return isBounded() && delivery.latest().createdAt() == null && matchesButForTime(delivery);
  }

  private boolean isBounded() {
    return since != null || until != null;
  }

  private boolean matchesTime(@Nullable Instant time) {
    return time == null
        ? !isBounded()
        : (since == null || !time.isBefore(since)) && (until == null || time.isBefore(until));
  }

  private boolean matchesButForTime(WebhookLog log) {
    return (webhookId == null
            || log.webhookId() == null
            || webhookId.equalsIgnoreCase(log.webhookId()))
        && (eventTypes.isEmpty()
            || log.eventType() == null
            || eventTypes.contains(log.eventType()));
  }

  private boolean matchesButForTime(FailedDelivery delivery) {
    return matchesButForTime(delivery.latest())
        && (causes.isEmpty() || causes.contains(delivery.cause()))
        && (includesProviderRetries || !delivery.providerIsRetrying());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeliveryQuery that
        && Objects.equals(since, that.since)
        && Objects.equals(until, that.until)
        && Objects.equals(webhookId, that.webhookId)
        && eventTypes.equals(that.eventTypes)
        && causes.equals(that.causes)
        && limit == that.limit
        && includesProviderRetries == that.includesProviderRetries;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        since, until, webhookId, eventTypes, causes, limit, includesProviderRetries);
  }

  @Override
  public String toString() {
    return "DeliveryQuery[since="
        + since
        + ", until="
        + until
        + ", webhookId="
        + webhookId
        + ", eventTypes="
        + eventTypes
        + ", causes="
        + causes
        + ", limit="
        + (limit == Long.MAX_VALUE ? "none" : limit)
        + ", includesProviderRetries="
        + includesProviderRetries
        + "]";
  }

  /** Builds a {@link DeliveryQuery}. By default it matches everything. */
  public static final class Builder {
    private @Nullable Instant since;
    private @Nullable Instant until;
    private @Nullable String webhookId;
    private final Set<String> eventTypes = new LinkedHashSet<>();
    private final Set<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    private long limit = Long.MAX_VALUE;
    private boolean includesProviderRetries;

    private Builder() {}

    /** The earliest time of recording, inclusive; null, the default, for no bound. */
    public Builder since(@Nullable Instant since) {
      this.since = since;
      return this;
    }

    /** The latest time of recording, exclusive; null, the default, for no bound. */
    public Builder until(@Nullable Instant until) {
      this.until = until;
      return this;
    }

    /** The id of the only webhook to list; null, the default, for the client's default. */
    public Builder webhookId(@Nullable String webhookId) {
      this.webhookId = webhookId;
      return this;
    }

    /** Adds event types to list. By default, all types are listed. */
    public Builder eventTypes(String... eventTypes) {
      this.eventTypes.addAll(Arrays.asList(eventTypes));
      return this;
    }

    /** Adds causes to list. By default, all causes are listed. Only {@code failures} uses it. */
    public Builder causes(FailureCause... causes) {
      this.causes.addAll(Arrays.asList(causes));
      return this;
    }

    /** The most rows to list, at least 1; all by default. */
    public Builder limit(long limit) {
      this.limit = limit;
      return this;
    }

    /**
     * Also lists deliveries that the provider is still retrying; see {@link
     * DeliveryQuery#includesProviderRetries()}.
     */
    public Builder includeProviderRetries() {
      this.includesProviderRetries = true;
      return this;
    }

    /**
     * Returns the query.
     *
     * @throws IllegalArgumentException if the limit is below 1 or {@code until} is not after {@code
     *     since}
     */
    public DeliveryQuery build() {
      if (limit < 1) {
        throw new IllegalArgumentException("limit is " + limit + ": it must be at least 1");
      }
      if (since != null && until != null && !until.isAfter(since)) {
        throw new IllegalArgumentException(
            "until (" + until + ") is not after since (" + since + "): swap or widen them");
      }
      return new DeliveryQuery(this);
    }
  }
}
