package dev.redrive.testkit;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Starts the fake of one provider's API, for a test or a demo of whatever providers there are.
 *
 * <p>Found by {@link ServiceLoader}, as {@link ProviderFactory} is. Where a provider has several
 * generations of its API or of its server, each is a {@link #variant} with a factory of its own.
 */
public interface FakeProviderFactory {
  /** The provider's id: {@link ProviderFactory#name()}. */
  String provider();

  /**
   * What tells it from other fakes of the provider, such as {@code v1}; empty for the usual one.
   */
  default String variant() {
    return "";
  }

  /** Starts a fake with these settings. */
  FakeProvider start(Consumer<FakeProvider.Builder<?>> settings);

  /** What {@link ProviderFactory#create} is told for a client of a fake that this has started. */
  default ProviderSettings settings(FakeProvider fake) {
    return ProviderSettings.of(
        Map.of(
            ProviderSetting.BASE_URL, fake.baseUrl(),
            ProviderSetting.API_KEY, fake.apiKey()));
  }

  /** All that are on the class path, by provider, the usual one before its variants. */
  static List<FakeProviderFactory> all() {
    return ServiceLoader.load(FakeProviderFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(
            Comparator.comparing(FakeProviderFactory::provider)
                .thenComparing(FakeProviderFactory::variant))
        .toList();
  }

  /**
   * The usual fake of a provider.
   *
   * @throws IllegalArgumentException if there is none on the class path
   */
  static FakeProviderFactory of(String provider) {
    return all().stream()
        .filter(factory -> factory.variant().isEmpty() && factory.provider().equals(provider))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no fake of provider '" + provider + "' is here"));
  }
}
