package dev.redrive.onlyoffice;

import dev.redrive.ProviderText;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a webhook. Its secret is not read. The portal writes the times in its own
 * time zone, which is measured from its logs; if no log shows the zone, they are taken as UTC.
 *
 * @param id the id of the configuration
 * @param name its name; null if it has none
 * @param endpoint the receiver's URL; null if the portal does not say
 * @param enabled whether the portal delivers to it; null if the portal does not say. The portal
 *     disables a webhook after three days without success, and deletes it if its endpoint returns
 *     410
 * @param sslVerified whether the endpoint's certificate is checked; null if the portal does not say
 * @param triggers the events that it subscribes to, by name, or by number if the name is not known;
 *     {@code *} means every event
 * @param targetId the only file, folder or room that it watches; null if it watches all
 * @param lastStatus the HTTP status of the latest delivery; null if there was none or it got no
 *     response
 * @param lastFailure the error text of the latest failure; null if there was none
 * @param lastFailureAt when a delivery last failed; null if none did or the portal does not say
 * @param lastSuccessAt when a delivery last succeeded; null if none did or the portal does not say
 */
public record OnlyOfficeWebhook(
    String id,
    @Nullable String name,
    @Nullable String endpoint,
    @Nullable Boolean enabled,
    @Nullable Boolean sslVerified,
    Set<String> triggers,
    @Nullable String targetId,
    @Nullable Integer lastStatus,
    @Nullable String lastFailure,
    @Nullable Instant lastFailureAt,
    @Nullable Instant lastSuccessAt) {
  public OnlyOfficeWebhook {
    Objects.requireNonNull(id, "id");
    triggers = Set.copyOf(triggers);
  }

  /** Shows the endpoint without user info and query, which may contain tokens. */
  @Override
  public String toString() {
    return "OnlyOfficeWebhook["
        + ProviderText.clean(id)
        + (name == null ? "" : ", " + ProviderText.clean(name))
        + (endpoint == null ? "" : ", " + ProviderText.endpoint(endpoint))
        + (enabled == null ? "" : enabled ? ", enabled" : ", disabled")
        + "]";
  }
}
