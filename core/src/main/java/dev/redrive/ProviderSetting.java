package dev.redrive;

import java.util.List;
import java.util.Objects;

/**
 * A setting of a provider's client. See {@link ProviderFactory#settings()}.
 *
 * @param name the name of the builder's method for it, such as {@code baseUrl}
 * @param description what it means, in one sentence for people
 * @param required whether it must be set
 * @param secret whether its value must not be shown, logged, or passed as an argument
 * @param values the allowed values, in any case; empty if any value is allowed
 */
public record ProviderSetting(
    String name, String description, boolean required, boolean secret, List<String> values) {
  /** The API key or token. Every provider has this setting. */
  public static final String API_KEY = "apiKey";

  /**
   * The URL of the API. Every provider has this setting; it is required if each customer has a URL
   * of their own.
   */
  public static final String BASE_URL = "baseUrl";

  /** The name of the account: {@link DeliveryKey#account()}. Every provider has this setting. */
  public static final String ACCOUNT = "account";

  /** The most requests in flight at once, a number. Every provider has this setting. */
  public static final String CONCURRENCY = "concurrency";

  /** The id of the only webhook to use. */
  public static final String WEBHOOK_ID = "webhookId";

  /** The version of the API to use, if there are several. */
  public static final String API_VERSION = "apiVersion";

  public ProviderSetting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    values = List.copyOf(values);
  }

  /** Returns a setting that must be set. */
  public static ProviderSetting required(String name, String description) {
    return new ProviderSetting(name, description, true, false, List.of());
  }

  /**
   * Returns a setting that may be left out.
   *
   * @param values the allowed values; none if any value is allowed
   */
  public static ProviderSetting optional(String name, String description, String... values) {
    return new ProviderSetting(name, description, false, false, List.of(values));
  }
}
