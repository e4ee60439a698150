package dev.redrive.onlyoffice;

import dev.redrive.ProviderText;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as the portal has it configured. Its secret is not read. The portal writes these times
 * in its own time zone, which is measured from its logs; they are taken as UTC where no log tells
 * it.
 *
 * @param id the configuration's id
 * @param name its name, null if it has none
 * @param endpoint the receiver's URL, null if not told
 * @param enabled whether the portal delivers to it; it disables a webhook after three days without
 *     success, and deletes one whose endpoint answers 410
 * @param sslVerified whether the endpoint's certificate is checked; null if not told
 * @param triggers the events that it subscribes to, by name, or by number where the name is not
 *     known; {@code *} stands for every event
 * @param targetId the one file, folder or room that it watches, null if it watches all
 * @param lastStatus the HTTP status of the latest delivery; null if there was none or it got no
 *     answer
 * @param lastFailure the error text of the latest failure, null if there was none
 * @param lastFailureAt when a delivery last failed, null if none did or the portal does not tell
 * @param lastSuccessAt when a delivery last succeeded, null if none did or the portal does not tell
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

  /** The endpoint without user info and query, where receivers keep tokens. */
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
