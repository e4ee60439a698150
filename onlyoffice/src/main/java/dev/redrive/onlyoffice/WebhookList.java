package dev.redrive.onlyoffice;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The webhook configurations on the wire. */
record WebhookList(List<Item> response) {
  WebhookList {
    response = response.stream().filter(Objects::nonNull).toList();
  }

  List<OnlyOfficeWebhook> webhooks(PortalZone zone) {
    return response.stream().map(item -> item.webhook(zone)).toList();
  }

  /** Whether times are told that take the portal's zone to read. */
  boolean tellsLocalTimes() {
    return response.stream()
        .map(Item::configs)
        .anyMatch(
            config ->
                PortalZone.isLocal(config.lastFailureOn)
                    || PortalZone.isLocal(config.lastSuccessOn));
  }

  /** A configuration and the status of its latest delivery. */
  record Item(Config configs, @Nullable Integer status) {
    Item {
      Objects.requireNonNull(configs, "configs");
    }

    OnlyOfficeWebhook webhook(PortalZone zone) {
      return new OnlyOfficeWebhook(
          configs.id,
          configs.name,
          configs.uri,
          configs.enabled,
          configs.ssl,
          Triggers.names(configs.triggers),
          configs.targetId,
          status == null || status == 0 ? null : status,
          configs.lastFailureContent,
          zone.ofLocal(configs.lastFailureOn),
          zone.ofLocal(configs.lastSuccessOn));
    }
  }

  /** A configuration. */
  record Config(
      String id,
      @Nullable String name,
      @Nullable String uri,
      @Nullable Boolean enabled,
      @Nullable Boolean ssl,
      @Nullable String triggers,
      @Nullable String targetId,
      @Nullable String lastFailureContent,
      @Nullable String lastFailureOn,
      @Nullable String lastSuccessOn) {
    Config {
      Objects.requireNonNull(id, "id");
    }
  }
}
