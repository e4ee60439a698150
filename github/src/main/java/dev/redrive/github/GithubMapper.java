package dev.redrive.github;

import dev.redrive.DeliveryStatus;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.github.GithubWire.DeliveryRow;
import dev.redrive.github.GithubWire.HookConfig;
import dev.redrive.github.GithubWire.HookRow;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Maps wire records to the model. */
final class GithubMapper {
  private final ProviderHttp http;

  GithubMapper(ProviderHttp http) {
    this.http = http;
  }

  static Webhook webhook(HookRow row) {
    List<@Nullable String> events = row.events() == null ? List.of() : row.events();
    return new Webhook(
        String.valueOf(row.id()),
        null,
        row.config() == null ? null : row.config().url(),
        row.active(),
        null,
        events.stream().filter(Objects::nonNull).collect(Collectors.toUnmodifiableSet()));
  }

  static Webhook appWebhook(HookConfig config) {
    return new Webhook(DeliveryId.APP, null, config.url(), null, null, Set.of());
  }

  /** Maps a delivery to a webhook. */
  WebhookLog log(Recorded<DeliveryRow> row, Webhook hook) {
    return log(row, hook, new DeliveryId(hook.id(), String.valueOf(row.value().id())));
  }

  /** Maps a delivery that is the newest one of the event of another delivery. */
  WebhookLog log(Recorded<DeliveryRow> recorded, Webhook hook, DeliveryId id) {
    DeliveryRow row = recorded.value();
    DeliveryStatus status = status(row);
    return WebhookLog.builder(http.key(id.keyId()), status)
        .logId(String.valueOf(row.id()))
        .providerStatus(row.status() == null ? String.valueOf(row.statusCode()) : row.status())
        .webhook(hook.id(), hook.name(), hook.endpoint())
        .event(row.guid(), row.event())
        .httpStatus(row.statusCode() == null || row.statusCode() < 100 ? null : row.statusCode())
        .error(status == DeliveryStatus.SUCCEEDED ? null : row.status())
        .createdAt(row.time())
        .attemptedAt(row.time())
        .lineage(
            row.guid() == null
                ? id.keyId()
                : ProviderHttp.canonicalId(row.guid()) + "/" + hook.id())
        .json(recorded.json())
        .build();
  }

  /**
   * Maps the response of the endpoint. GitHub calls 200 to 399 a success where it filters, but it
   * follows no redirect: only 2xx is delivered. Without a code, the words tell: all but {@code OK}
   * are a failure (GitHub's documentation).
   */
  private static DeliveryStatus status(DeliveryRow row) {
    Integer code = row.statusCode();
    if (code == null && row.status() == null) {
      return DeliveryStatus.UNKNOWN;
    }
    boolean succeeded =
        code == null ? "OK".equalsIgnoreCase(row.status()) : code >= 200 && code < 300;
    return succeeded ? DeliveryStatus.SUCCEEDED : DeliveryStatus.FAILED;
  }
}
