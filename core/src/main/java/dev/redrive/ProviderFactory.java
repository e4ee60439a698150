package dev.redrive;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes clients of one provider from settings in text, for a program that learns from its
 * configuration which providers to use. Where that is known beforehand, the builder of the
 * provider's client says more.
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
 * <p>Factories are found by {@link ServiceLoader}: each provider's module names its own in {@code
 * META-INF/services/dev.redrive.ProviderFactory}. A provider that is not part of Redrive is found
 * in the same way; {@link dev.redrive.http.ClientFactory} is a base for its factory.
 */
public interface ProviderFactory {
  /** The provider's id, such as {@code chatt2me}: {@link DeliveryKey#provider()}. */
  String name();

  /** The provider's name for people. */
  String displayName();

  /** All settings that {@link #create} takes. */
  List<ProviderSetting> settings();

  /**
   * A client with these settings. Makes no request.
   *
   * @throws InvalidConfigurationException with every problem and its cure: a setting that is needed
   *     and missing, one that the provider does not take, a value that cannot be. No value is shown
   */
  WebhookRetryClient create(ProviderSettings settings);

  /** Whether {@link #settings()} has one of this name. */
  default boolean takes(String setting) {
    return settings().stream().anyMatch(taken -> taken.name().equals(setting));
  }

  /**
   * The factories of all providers on the class path, by name, as the thread's context class loader
   * finds them.
   *
   * @throws IllegalStateException if two of them have one name
   * @throws java.util.ServiceConfigurationError if one cannot be loaded
   */
  static List<ProviderFactory> all() {
    var byName = new TreeMap<String, ProviderFactory>();
    for (ProviderFactory factory : ServiceLoader.load(ProviderFactory.class)) {
      ProviderFactory other = byName.put(factory.name(), factory);
      if (other != null) {
        throw new IllegalStateException(
            "two factories are named '"
                + factory.name()
                + "': "
                + other.getClass().getName()
                + " and "
                + factory.getClass().getName());
      }
    }
    return new ArrayList<>(byName.values());
  }

  /**
   * The factory of one provider.
   *
   * @param name the provider's id, in any case
   * @throws IllegalArgumentException if there is none on the class path; the message tells those
   *     that there are
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
                        + "': known are "
                        + (all.isEmpty()
                            ? "none, add a provider's module to the class path"
                            : all.stream()
                                .map(ProviderFactory::name)
                                .collect(Collectors.joining(", ")))));
  }
}
