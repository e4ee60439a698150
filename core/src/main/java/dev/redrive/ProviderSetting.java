package dev.redrive;

import java.util.List;
import java.util.Objects;

/**
 * One setting that a provider's client takes: see {@link ProviderFactory#settings()}.
 *
 * @param name as the method of the client's builder is named, such as {@code baseUrl}
 * @param description what it is, in one sentence for people
 * @param required whether there is no client without it
 * @param secret whether its value must not be shown, logged, or passed as an argument
 * @param values what it may be, in any case; empty if that is open
 */
public record ProviderSetting(
    String name, String description, boolean required, boolean secret, List<String> values) {
  /** The API key or token. Every provider takes it. */
  public static final String API_KEY = "apiKey";

  /**
   * Where the API is. Every provider takes it; needed where each customer has a URL of their own.
   */
  public static final String BASE_URL = "baseUrl";

  /**
   * What tells this account from others: {@link DeliveryKey#account()}. Every provider takes it.
   */
  public static final String ACCOUNT = "account";

  /** Requests under way at once at the most, a number. Every provider takes it. */
  public static final String CONCURRENCY = "concurrency";

  /** The one webhook to look at. */
  public static final String WEBHOOK_ID = "webhookId";

  /** The generation of the API to speak, where there are several. */
  public static final String API_VERSION = "apiVersion";

  public ProviderSetting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    values = List.copyOf(values);
  }

  /** One that must be given. */
  public static ProviderSetting required(String name, String description) {
    return new ProviderSetting(name, description, true, false, List.of());
  }

  /** One that may be left out; {@code values} are all that it can be, none if that is open. */
  public static ProviderSetting optional(String name, String description, String... values) {
    return new ProviderSetting(name, description, false, false, List.of(values));
  }
}
