package dev.redrive.onlyoffice;

import dev.redrive.http.ProviderTime;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The webhook configurations on the wire. */
record WebhookList(List<Item> response) {
  WebhookList {
    Objects.requireNonNull(response, "response");
  }

  List<OnlyOfficeWebhook> webhooks() {
    return response.stream().map(Item::webhook).toList();
  }

  /** A configuration and the status of its latest delivery. */
  record Item(Config configs, @Nullable Integer status) {
    Item {
      Objects.requireNonNull(configs, "configs");
    }

    OnlyOfficeWebhook webhook() {
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
          ProviderTime.parse(configs.lastFailureOn),
          ProviderTime.parse(configs.lastSuccessOn));
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
