package dev.redrive;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Creates clients of one provider from text settings, for a program whose configuration names the
 * provider. If the provider is known at compile time, use the builder of its client instead: it
 * checks types and documents each setting.
 *
 * <pre>{@code
 * ProviderFactory factory = ProviderFactory.named("voiso");
 * WebhookRetryClient client =
 *     factory.create(
 *         ProviderSettings.none()
 *             .with(ProviderSetting.BASE_URL, "https://cluster.voiso.com")
 *             .with(ProviderSetting.API_KEY, key));
 * }</pre>
 *
 * <p>Factories are found by {@link ServiceLoader}: each provider's module registers its own in
 * {@code META-INF/services/dev.redrive.ProviderFactory}. A provider that is not part of Redrive is
 * found in the same way; {@link dev.redrive.http.ClientFactory} is a base for its factory.
 */
public interface ProviderFactory {
  /** Returns the provider's id, such as {@code chatt2me}: {@link DeliveryKey#provider()}. */
  String name();

  /** Returns the provider's name, as shown to people. */
  String displayName();

  /** Returns all settings that {@link #create} accepts. */
  List<ProviderSetting> settings();

  /**
   * Creates a client with these settings. Makes no request.
   *
   * @throws InvalidConfigurationException with every problem and how to fix it: a required setting
   *     is missing, a setting is unknown, or a value is invalid. The messages show no values
   */
  WebhookRetryClient create(ProviderSettings settings);

  /** Whether {@link #settings()} has a setting with this name. */
  default boolean takes(String setting) {
    return settings().stream().anyMatch(taken -> taken.name().equals(setting));
  }

  /**
   * Returns the factories of all providers on the class path, sorted by name. They are loaded by
   * the thread's context class loader.
   *
   * @throws IllegalStateException if two factories have the same name
   * @throws java.util.ServiceConfigurationError if a factory cannot be loaded
   */
  static List<ProviderFactory> all() {
    var byName = new TreeMap<String, ProviderFactory>();
    for (ProviderFactory factory : ServiceLoader.load(ProviderFactory.class)) {
      ProviderFactory other = byName.put(factory.name(), factory);
      if (other != null) {
        throw new IllegalStateException(
            "two provider factories are named '"
                + factory.name()
                + "': "
                + other.getClass().getName()
                + " and "
                + factory.getClass().getName()
                + "; remove one from the class path");
      }
    }
    return new ArrayList<>(byName.values());
  }

  /**
   * Returns the factory of one provider.
   *
   * @param name the provider's id, in any case
   * @throws IllegalArgumentException if it is not on the class path; the message lists the known
   *     providers
   */
  static ProviderFactory named(String name) {
    List<ProviderFactory> all = all();
    return all.stream()
        .filter(factory -> factory.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown provider '"
                        + name
                        + "': "
                        + (all.isEmpty()
                            ? "no provider is on the class path, add its module"
                            : all.stream()
                                .map(ProviderFactory::name)
                                .collect(Collectors.joining(", ", "use ", "")))));
  }
}
