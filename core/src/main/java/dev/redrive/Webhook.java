package dev.redrive;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One subscription at a provider.
 *
 * @param id the provider's id of the subscription
 * @param name its name or label, null if it has none
 * @param endpoint the receiver's URL, null if not told
 * @param active whether the provider delivers to it; null if not told
 * @param errorCount failed deliveries that the provider counts; null if not told
 * @param eventTypes what it subscribes to; empty if not told
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

  /** The endpoint without user info and query, where receivers keep tokens. */
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
