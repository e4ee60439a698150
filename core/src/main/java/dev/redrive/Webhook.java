package dev.redrive;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscription at a provider.
 *
 * @param id the provider's id of the subscription
 * @param name its name or label; null if it has none
 * @param endpoint the receiver's URL; null if the provider does not say
 * @param active whether the provider delivers to it; null if the provider does not say
 * @param errorCount the provider's count of failed deliveries; null if it keeps none
 * @param eventTypes the types of event that it subscribes to; empty if the provider does not say
 */
public record Webhook(
    String id,
    @Nullable String name,
    @Nullable String endpoint,
    @Nullable Boolean active,
    @Nullable Long errorCount,
    Set<String> eventTypes) {
  public Webhook {
    Objects.requireNonNull(id, "id");
    eventTypes = Set.copyOf(eventTypes);
  }

  /** Shows the endpoint without user info and query, which may contain tokens. */
  @Override
  public String toString() {
    return "Webhook["
        + ProviderText.clean(id)
        + (name == null ? "" : ", " + ProviderText.clean(name))
        + (endpoint == null ? "" : ", " + ProviderText.endpoint(endpoint))
        + (active == null ? "" : active ? ", active" : ", not active")
        + (errorCount == null ? "" : ", " + errorCount + " errors")
        + "]";
  }
}
