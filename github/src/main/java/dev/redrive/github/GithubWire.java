package dev.redrive.github;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.redrive.http.ErrorBody;
import dev.redrive.http.ProviderTime;
import dev.redrive.http.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The records of the API, read leniently. */
final class GithubWire {
  private GithubWire() {}

  /** A webhook of a repository or organization. */
  record HookRow(
      @Nullable Long id,
      @Nullable Boolean active,
      @Nullable List<@Nullable String> events,
      @Nullable HookConfig config) {
    @Nullable String idText() {
      return id == null ? null : String.valueOf(id);
    }
  }

  /** Where a webhook sends to. */
  record HookConfig(@Nullable String url) {}

  /**
   * One delivery of an event to a webhook, which a redelivery never changes.
   *
   * @param guid the event's id. All deliveries of the event have it, at all webhooks
   * @param redelivery whether an earlier delivery of the event was to be sent again
   * @param status {@code OK}, or what went wrong, in words
   * @param statusCode the HTTP status of the response; 0 if there was none
   */
  record DeliveryRow(
      @Nullable Long id,
      @Nullable String guid,
      @JsonProperty("delivered_at") @Nullable String deliveredAt,
      @Nullable Boolean redelivery,
      @Nullable String status,
      @JsonProperty("status_code") @Nullable Integer statusCode,
      @Nullable String event) {
    static @Nullable String id(Recorded<DeliveryRow> row) {
      return row.value().id() == null ? null : String.valueOf(row.value().id());
    }

    @Nullable Instant time() {
      return ProviderTime.parse(deliveredAt);
    }

    /** Whether this is certainly the event's first delivery to its webhook. */
    boolean isFirst() {
      return Boolean.FALSE.equals(redelivery);
    }
  }

  /** {@code {"message": text, "documentation_url": text}}. */
  record ErrorAnswer(@JsonProperty("message") @Nullable String errorMessage) implements ErrorBody {
    /** Without headers that say more, GitHub's documentation asks for a minute. */
    private static final Duration WAIT = Duration.ofMinutes(1);

    @Override
    public @Nullable Duration retryAfter(int httpStatus) {
      boolean isLimit =
          httpStatus == 429
              || (httpStatus == 403
                  && errorMessage != null
                  && errorMessage.toLowerCase(Locale.ROOT).contains("rate limit"));
      return isLimit ? WAIT : null;
    }
  }
}
