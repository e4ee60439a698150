package dev.redrive;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a provider can do and the limits it documents. Immutable. Create it with {@link #builder}.
 *
 * @param provider the provider's id, such as {@code chatt2me}: the first part of a {@link
 *     DeliveryKey}
 * @param displayName the provider's name, as shown to people
 * @param capabilities what the provider can do
 * @param pageSize the most rows that one list request returns
 * @param batchSize the most deliveries that one retry request takes; 1 without {@link
 *     Capability#BULK_RETRY}
 * @param concurrentRetries the most retry requests in flight at once
 * @param visibleFailures the most failures that can be listed; null if all can
 * @param retention how long a failure stays listed; null if not documented
 * @param settleTime how long after a retry request a missing log may still mean "not yet" rather
 *     than "never"
 * @param leastOutcomeTime the earliest that a delivery can be confirmed after its retry request:
 *     zero if a log confirms it; the time to wait if it is inferred from the absence of a failure
 * @param mostOutcomeTime how long the provider may work on one retry, including its own automatic
 *     retries, before the outcome is known; zero if not documented
 * @param listingDelay how long after its recorded time a failure may be listed for the first time,
 *     because the provider retries it first; zero if failures are listed as they are recorded
 * @param limits the documented limits on retry requests; empty if none are documented
 */
public record ProviderTraits(
    String provider,
    String displayName,
    Set<Capability> capabilities,
    int pageSize,
    int batchSize,
    int concurrentRetries,
    @Nullable Integer visibleFailures,
    @Nullable Duration retention,
    Duration settleTime,
    Duration leastOutcomeTime,
    Duration mostOutcomeTime,
    Duration listingDelay,
    List<RateLimit> limits) {
  public ProviderTraits {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(settleTime, "settleTime");
    Objects.requireNonNull(leastOutcomeTime, "leastOutcomeTime");
    Objects.requireNonNull(mostOutcomeTime, "mostOutcomeTime");
    Objects.requireNonNull(listingDelay, "listingDelay");
    capabilities = Set.copyOf(capabilities);
    limits = List.copyOf(limits);
  }

  /** Whether the provider has this capability. */
  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /**
   * Checks that the provider has this capability.
   *
   * @throws UnsupportedCapabilityException if it does not
   */
  public void require(Capability capability) {
    if (!can(capability)) {
      throw new UnsupportedCapabilityException(displayName, capability);
    }
  }

  /**
   * Returns a builder.
   *
   * @param provider the provider's id, such as {@code chatt2me}
   * @param displayName the provider's name, as shown to people
   */
  public static Builder builder(String provider, String displayName) {
    return new Builder(provider, displayName);
  }

  /** Builds {@link ProviderTraits}. Every setting has a default. */
  public static final class Builder {
    private final String provider;
    private final String displayName;
    private Set<Capability> capabilities = Set.of();
    private int pageSize = 100;
    private int batchSize = 1;
    private int concurrentRetries = 8;
    private @Nullable Integer visibleFailures;
    private @Nullable Duration retention;
    private Duration settleTime = Duration.ofMinutes(1);
    private Duration leastOutcomeTime = Duration.ZERO;
    private Duration mostOutcomeTime = Duration.ZERO;
    private Duration listingDelay = Duration.ZERO;
    private List<RateLimit> limits = List.of();

    private Builder(String provider, String displayName) {
      this.provider = provider;
      this.displayName = displayName;
    }

    /** What the provider can do; nothing by default. */
    public Builder capabilities(Capability... capabilities) {
      this.capabilities = Set.of(capabilities);
      return this;
    }

    /** The most rows that one list request returns; 100 by default. */
    public Builder pageSize(int pageSize) {
      this.pageSize = pageSize;
      return this;
    }

    /** The most deliveries that one retry request takes; 1 by default. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** The most retry requests in flight at once; 8 by default. */
    public Builder concurrentRetries(int concurrentRetries) {
      this.concurrentRetries = concurrentRetries;
      return this;
    }

    /** The most failures that can be listed; all by default. */
    public Builder visibleFailures(int visibleFailures) {
      this.visibleFailures = visibleFailures;
      return this;
    }

    /** How long a failure stays listed; not documented by default. */
    public Builder retention(Duration retention) {
      this.retention = retention;
      return this;
    }

    /** How long a missing log may still mean "not yet"; 1 min by default. */
    public Builder settleTime(Duration settleTime) {
      this.settleTime = settleTime;
      return this;
    }

    /** The least and the most time until the outcome of a retry is known; both zero by default. */
    public Builder outcomeTime(Duration least, Duration most) {
      this.leastOutcomeTime = least;
      this.mostOutcomeTime = most;
      return this;
    }

    /** How long after its recorded time a failure may be listed first; zero by default. */
    public Builder listingDelay(Duration listingDelay) {
      this.listingDelay = listingDelay;
      return this;
    }

    /** The documented limits on retry requests; none by default. */
    public Builder limits(RateLimit... limits) {
      this.limits = List.of(limits);
      return this;
    }

    /** Returns the traits. */
    public ProviderTraits build() {
      return new ProviderTraits(
          provider,
          displayName,
          capabilities,
          pageSize,
          batchSize,
          concurrentRetries,
          visibleFailures,
          retention,
          settleTime,
          leastOutcomeTime,
          mostOutcomeTime,
          listingDelay,
          limits);
    }
  }
}
