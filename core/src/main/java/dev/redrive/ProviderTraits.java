package dev.redrive;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a provider can do, and under which limits, as far as it is documented. Built with {@link
 * #builder}.
 *
 * @param provider the provider's id, such as {@code chatt2me}: the first part of a {@link
 *     DeliveryKey}
 * @param displayName the provider's name for people
 * @param capabilities what it can do
 * @param pageSize rows that one list request brings at the most
 * @param batchSize deliveries that one retry request takes at the most; 1 without {@link
 *     Capability#BULK_RETRY}
 * @param concurrentRetries retry requests under way at once at the most
 * @param visibleFailures how many failures can be listed at all; null if all of them
 * @param retention how long failures stay listed; null if not documented
 * @param settleTime how long after a retry request its absence from the logs may still mean "not
 *     yet" rather than "never"
 * @param leastOutcomeTime how long after a retry request it takes at the least to tell that it was
 *     delivered: zero where a log says so, the time to wait where that is inferred from the absence
 *     of a failure
 * @param mostOutcomeTime how long the provider may be busy with one retry, what it repeats by itself
 *     included, until its outcome can be told; zero if not documented
 * @param limits documented limits on retry requests; empty if none are documented
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
    List<RateLimit> limits) {
  public ProviderTraits {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(displayName, "displayName");
    Objects.requireNonNull(settleTime, "settleTime");
    Objects.requireNonNull(leastOutcomeTime, "leastOutcomeTime");
    Objects.requireNonNull(mostOutcomeTime, "mostOutcomeTime");
    capabilities = Set.copyOf(capabilities);
    limits = List.copyOf(limits);
  }

  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /** Fails by name where the provider cannot do it. */
  public void require(Capability capability) {
    if (!can(capability)) {
      throw new UnsupportedCapabilityException(displayName, capability);
    }
  }

  public static Builder builder(String provider, String displayName) {
    return new Builder(provider, displayName);
  }

  /** Builds {@link ProviderTraits}. */
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
    private List<RateLimit> limits = List.of();

    private Builder(String provider, String displayName) {
      this.provider = provider;
      this.displayName = displayName;
    }

    public Builder capabilities(Capability... capabilities) {
      this.capabilities = Set.of(capabilities);
      return this;
    }

    public Builder pageSize(int pageSize) {
      this.pageSize = pageSize;
      return this;
    }

    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    public Builder concurrentRetries(int concurrentRetries) {
      this.concurrentRetries = concurrentRetries;
      return this;
    }

    public Builder visibleFailures(int visibleFailures) {
      this.visibleFailures = visibleFailures;
      return this;
    }

    public Builder retention(Duration retention) {
      this.retention = retention;
      return this;
    }

    public Builder settleTime(Duration settleTime) {
      this.settleTime = settleTime;
      return this;
    }

    /** How long it takes to tell the outcome of a retry, at the least and at the most. */
    public Builder outcomeTime(Duration least, Duration most) {
      this.leastOutcomeTime = least;
      this.mostOutcomeTime = most;
      return this;
    }

    public Builder limits(RateLimit... limits) {
      this.limits = List.of(limits);
      return this;
    }

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
          limits);
    }
  }
}
