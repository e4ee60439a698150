package dev.redrive.http;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.WebhookRetryClient;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The base class of the providers' factories. It passes settings to a {@link ClientBuilder}. It has
 * the settings that all builders share; a provider adds its own in its constructor.
 *
 * @param <B> the builder of the provider's client
 */
public abstract class ClientFactory<B extends ClientBuilder<B>> implements ProviderFactory {
  private final Supplier<B> builders;
  private final Function<B, ? extends WebhookRetryClient> build;
  private final String name;
  private final String displayName;
  private final Map<String, Taken<B>> taken = new LinkedHashMap<>();

  /**
   * @param builders creates a new builder, which also has the provider's names
   * @param build the builder's {@code build} method
   */
  protected ClientFactory(Supplier<B> builders, Function<B, ? extends WebhookRetryClient> build) {
    this.builders = builders;
    this.build = build;
    ClientBuilder<B> builder = builders.get();
    this.name = builder.provider;
    this.displayName = builder.displayName;
    takes(
        new ProviderSetting(
            ProviderSetting.API_KEY, "The API key or token.", true, true, List.of()),
        ClientBuilder::apiKey);
    takes(baseUrl(builder.defaultBaseUrl), ClientBuilder::baseUrl);
    takes(
        ProviderSetting.optional(
            ProviderSetting.ACCOUNT,
            "The name of the account. Default: the host and port of the base URL."),
        ClientBuilder::account);
    takes(
        ProviderSetting.optional(
            ProviderSetting.WEBHOOK_ID, "The id of the only webhook to list. Default: all."),
        ClientBuilder::webhookId);
    takesNumber(
        ProviderSetting.optional(
            ProviderSetting.CONCURRENCY, "The most requests in flight at once."),
        ClientBuilder::concurrency);
    takesNumber(
        ProviderSetting.optional(
            "maxAttempts", "The most attempts of one request, including the first."),
        ClientBuilder::maxAttempts);
    takesNumber(
        ProviderSetting.optional(
            "maxResponseBytes", "The largest response that is read, in bytes."),
        ClientBuilder::maxResponseBytes);
    takesDuration(
        ProviderSetting.optional("requestTimeout", "The timeout of one request."),
        ClientBuilder::requestTimeout);
    takesDuration(
        ProviderSetting.optional(
            "deadline", "The time limit for one call with all its attempts and waits."),
        ClientBuilder::deadline);
    takesDuration(
        ProviderSetting.optional(
            "maxRetryAfter", "The longest wait that the provider may ask for."),
        ClientBuilder::maxRetryAfter);
    takesDuration(
        ProviderSetting.optional(
            "settleTime", "How long a missing log of a retry may still mean \"not yet\"."),
        ClientBuilder::settleTime);
  }

  private static ProviderSetting baseUrl(@Nullable String common) {
    return common == null
        ? ProviderSetting.required(ProviderSetting.BASE_URL, "The URL of the API.")
        : ProviderSetting.optional(
            ProviderSetting.BASE_URL, "The URL of the API. Default: " + common + ".");
  }

  /**
   * Adds a text setting. If {@link ProviderSetting#values()} is not empty, {@code setter} gets one
   * of these values, spelled as there.
   */
  protected final void takes(ProviderSetting setting, BiConsumer<B, String> setter) {
    taken.put(setting.name(), new Taken<>(setting, setter));
  }

  /** Adds a setting whose value is a whole number. */
  protected final void takesNumber(ProviderSetting setting, BiConsumer<B, Integer> setter) {
    takes(
        setting,
        (builder, text) -> {
          try {
            setter.accept(builder, Integer.valueOf(text));
          } catch (NumberFormatException e) {
            builder.problem(
                setting.name() + " is not a whole number or is too large: use digits only");
          }
        });
  }

  private void takesDuration(ProviderSetting setting, BiConsumer<B, Duration> setter) {
    takes(
        setting,
        (builder, text) -> {
          try {
            setter.accept(builder, duration(text));
          } catch (DateTimeParseException e) {
            builder.problem(setting.name() + " is not a duration: use 500ms, 30s, 2m or PT30S");
          }
        });
  }

  /** People write 30s rather than PT30S, and 500ms rather than PT0.5S. */
  private static Duration duration(String text) {
    if (text.matches("\\d{1,15}ms")) {
      return Duration.ofMillis(Long.parseLong(text.replaceAll("\\D", "")));
    }
    boolean isShort = !text.isEmpty() && Character.isDigit(text.charAt(0));
    boolean isInDays = text.endsWith("d") || text.endsWith("D");
    return Duration.parse(isShort ? (isInDays ? "P" : "PT") + text : text);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String displayName() {
    return displayName;
  }

  @Override
  public final List<ProviderSetting> settings() {
    return taken.values().stream().map(Taken::setting).toList();
  }

  @Override
  public final WebhookRetryClient create(ProviderSettings settings) {
    B builder =
        builders
            .get()
            .timeSource(settings.timeSource())
            .requestListener(settings.requestListener());
    for (String named : settings.names()) {
      Taken<B> known = taken.get(named);
      String value = settings.get(named);
      if (known == null || value == null) {
        builder.problem(
            "unknown setting '"
                + named
                + "': "
                + displayName
                + " accepts "
                + String.join(", ", taken.keySet()));
      } else {
        known.set(builder, value);
      }
    }
    return build.apply(builder);
  }

  /** A setting, and the method of the builder that takes its value. */
  private record Taken<B extends ClientBuilder<B>>(
      ProviderSetting setting, BiConsumer<B, String> setter) {
    void set(B builder, String value) {
      List<String> values = setting.values();
      if (values.isEmpty()) {
        setter.accept(builder, value);
        return;
      }
      values.stream()
          .filter(value::equalsIgnoreCase)
          .findFirst()
          .ifPresentOrElse(
              meant -> setter.accept(builder, meant),
              () ->
                  builder.problem(
                      setting.name() + " is unknown: use " + String.join(" or ", values)));
    }
  }
}
