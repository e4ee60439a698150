package dev.redrive;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to list. Immutable; every filter narrows, and what the provider cannot filter by
 * is filtered on our side.
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

  /** Everything that the provider shows. */
  public static DeliveryQuery all() {
    return ALL;
  }

  /** Everything recorded at or after {@code since}. */
  public static DeliveryQuery since(Instant since) {
    return builder().since(since).build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this query. */
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

  /** Logs recorded at this instant or later, in the provider's time; null for no bound. */
  public @Nullable Instant since() {
    return since;
  }

  /** Logs recorded before this instant, in the provider's time; null for no bound. */
  public @Nullable Instant until() {
    return until;
  }

  /** The one webhook to look at; null for what the client is set to, else all of the account. */
  public @Nullable String webhookId() {
    return webhookId;
  }

  /** The event types to list; empty for all. */
  public Set<String> eventTypes() {
    return eventTypes;
  }

  /** The causes to list; empty for all. Only {@code failures} looks at it. */
  public Set<FailureCause> causes() {
    return causes;
  }

  /** How many to list at the most; {@code Long.MAX_VALUE} for all. */
  public long limit() {
    return limit;
  }

  /**
   * Whether {@code failures} also lists deliveries that the provider is still retrying by itself,
   * each marked by {@link FailedDelivery#providerRetriesAt()}. They are left out by default: a
   * retry now may deliver twice.
   */
  public boolean includesProviderRetries() {
    return includesProviderRetries;
  }

  /**
   * Whether a log lies within time, webhook and event type. A log of which the provider does not
   * tell the webhook or type is kept: nothing is lost for want of a field. One without a readable
   * time does not match a query with {@code since} or {@code until}, see {@link
   * #cannotDate(WebhookLog)}: an old event must not be sent because nobody can tell that it is old.
   * The case of a webhook's id does not matter: most are UUIDs.
   */
  public boolean matches(WebhookLog log) {
    return matchesTime(log.createdAt()) && matchesButForTime(log);
  }

  /**
   * Whether a failed delivery matches: {@link #matches(WebhookLog)}, its cause, and whether the
   * provider is still retrying.
   */
  public boolean matches(FailedDelivery delivery) {
    return matchesTime(delivery.latest().createdAt()) && matchesButForTime(delivery);
  }

  /**
   * Whether a log does not match for want of a time alone: the query has a bound, the provider does
   * not tell when the log was recorded, and all else matches. Such a log is left out, counted in
   * {@link Listing#leftOut()}.
   */
  public boolean cannotDate(WebhookLog log) {
    return isBounded() && log.createdAt() == null && matchesButForTime(log);
  }

  /** The same for a failed delivery. */
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

  /** Builds a {@link DeliveryQuery}. */
  public static final class Builder {
    private @Nullable Instant since;
    private @Nullable Instant until;
    private @Nullable String webhookId;
    private final Set<String> eventTypes = new LinkedHashSet<>();
    private final Set<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    private long limit = Long.MAX_VALUE;
    private boolean includesProviderRetries;

    private Builder() {}

    /** Logs recorded at this instant or later; null, the default, for no bound. */
    public Builder since(@Nullable Instant since) {
      this.since = since;
      return this;
    }

    /** Logs recorded before this instant; null, the default, for no bound. */
    public Builder until(@Nullable Instant until) {
      this.until = until;
      return this;
    }

    public Builder webhookId(@Nullable String webhookId) {
      this.webhookId = webhookId;
      return this;
    }

    public Builder eventTypes(String... eventTypes) {
      this.eventTypes.addAll(Arrays.asList(eventTypes));
      return this;
    }

    public Builder causes(FailureCause... causes) {
      this.causes.addAll(Arrays.asList(causes));
      return this;
    }

    /** How many to list at the most, from 1 on; all by default. */
    public Builder limit(long limit) {
      this.limit = limit;
      return this;
    }

    /** See {@link DeliveryQuery#includesProviderRetries()}. */
    public Builder includeProviderRetries() {
      this.includesProviderRetries = true;
      return this;
    }

    /**
     * The query.
     *
     * @throws IllegalArgumentException if the limit is below 1 or {@code until} is not after {@code
     *     since}
     */
    public DeliveryQuery build() {
      if (limit < 1) {
        throw new IllegalArgumentException("limit is " + limit + ": ask for at least 1");
      }
      if (since != null && until != null && !until.isAfter(since)) {
        throw new IllegalArgumentException(
            "until (" + until + ") is not after since (" + since + "): swap or widen them");
      }
      return new DeliveryQuery(this);
    }
  }
}
