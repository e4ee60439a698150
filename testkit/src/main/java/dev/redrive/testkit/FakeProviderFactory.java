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
 * Starts the fake of a provider's API, for tests and demos that work with any provider.
 *
 * <p>Found by {@link ServiceLoader}, as {@link ProviderFactory} is. If a provider has several
 * versions of its API or server, each is a {@link #variant} with its own factory.
 */
public interface FakeProviderFactory {
  /** Returns the provider's id: {@link ProviderFactory#name()}. */
  String provider();

  /**
   * Returns the name of the variant, such as {@code v1}; empty for the default fake of the
   * provider.
   */
  default String variant() {
    return "";
  }

  /** Starts a fake with these settings. */
  FakeProvider start(Consumer<FakeProvider.Builder<?>> settings);

  /** Returns the settings with which {@link ProviderFactory#create} creates a client of a fake. */
  default ProviderSettings settings(FakeProvider fake) {
    return ProviderSettings.of(
        Map.of(
            ProviderSetting.BASE_URL, fake.baseUrl(),
            ProviderSetting.API_KEY, fake.apiKey()));
  }

  /** Returns all factories on the class path, by provider, the default fake before its variants. */
  static List<FakeProviderFactory> all() {
    return ServiceLoader.load(FakeProviderFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(
            Comparator.comparing(FakeProviderFactory::provider)
                .thenComparing(FakeProviderFactory::variant))
        .toList();
  }

  /**
   * Returns the default fake of a provider.
   *
   * @throws IllegalArgumentException if there is none on the class path
   */
  static FakeProviderFactory of(String provider) {
    return all().stream()
        .filter(factory -> factory.variant().isEmpty() && factory.provider().equals(provider))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no fake of provider '" + provider + "' is on the class path"));
  }
}
