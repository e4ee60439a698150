package dev.redrive.spring;

import dev.redrive.InvalidConfigurationException;
import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.ProviderSettings;
import dev.redrive.RequestListener;
import dev.redrive.WebhookRetryClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * An account in {@code redrive.<provider>.accounts.<name>.*}.
 *
 * @param provider its provider
 * @param name its name in the properties
 * @param settings its settings, by their names at the provider
 */
record ConfiguredAccount(ProviderFactory provider, String name, ProviderSettings settings) {
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("redrive");
  private static final Bindable<Map<String, Map<String, String>>> ACCOUNTS =
      Bindable.of(
          ResolvableType.forClassWithGenerics(
              Map.class,
              ResolvableType.forClass(String.class),
              ResolvableType.forClassWithGenerics(Map.class, String.class, String.class)));

  /**
   * Returns all accounts in the properties.
   *
   * @throws InvalidConfigurationException if an account names a provider that is not on the class
   *     path
   */
  static List<ConfiguredAccount> all(Environment environment) {
    List<ProviderFactory> providers = ProviderFactory.all();
    requireKnown(environment, providers);
    Binder binder = Binder.get(environment);
    List<ConfiguredAccount> accounts = new ArrayList<>();
    for (ProviderFactory provider : providers) {
      ConfigurationPropertyName name =
          ConfigurationPropertyName.adapt("redrive." + provider.name() + ".accounts", '.');
      new TreeMap<>(binder.bind(name, ACCOUNTS).orElse(Map.of()))
          .forEach(
              (account, values) ->
                  accounts.add(
                      new ConfiguredAccount(provider, account, settings(provider, values))));
    }
    return accounts;
  }

  /** An account that nobody recovers would look like one without failures. */
  private static void requireKnown(Environment environment, List<ProviderFactory> providers) {
    Set<String> known =
        providers.stream().map(provider -> plain(provider.name())).collect(Collectors.toSet());
    Set<String> problems = new TreeSet<>();
    for (var source : ConfigurationPropertySources.get(environment)) {
      if (source instanceof IterableConfigurationPropertySource names) {
        names.stream()
            .filter(name -> ROOT.isAncestorOf(name) && name.getNumberOfElements() > 3)
            .filter(name -> name.getElement(2, Form.UNIFORM).equals("accounts"))
            .map(name -> name.getElement(1, Form.UNIFORM))
            .filter(provider -> !known.contains(provider))
            .forEach(
                provider ->
                    problems.add(
                        "unknown provider '"
                            + provider
                            + "' in redrive."
                            + provider
                            + ".accounts: correct it to one of "
                            + known.stream().sorted().toList()
                            + ", or add the provider's module to the class path"));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException("Redrive", List.copyOf(problems));
    }
  }

  /** The binder leaves the names in a map as they are written: {@code api-key}, {@code APIKEY}. */
  private static ProviderSettings settings(ProviderFactory provider, Map<String, String> values) {
    Map<String, String> settings = new TreeMap<>();
    values.forEach(
        (key, value) ->
            settings.put(
                provider.settings().stream()
                    .map(ProviderSetting::name)
                    .filter(name -> plain(name).equals(plain(key)))
                    .findFirst()
                    .orElse(key),
                value));
    return ProviderSettings.of(settings);
  }

  /** The form in which names in files and in environment variables are alike. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /** The name of its client's bean. */
  String beanName() {
    return provider.name() + "." + name;
  }

  /**
   * Creates its client.
   *
   * @throws InvalidConfigurationException with every problem, and where the account is configured
   */
  WebhookRetryClient client(List<ClientCustomizer> customizers, RequestListener listener) {
    ProviderSettings changed = settings.withRequestListener(listener);
    for (ClientCustomizer customizer : customizers) {
      changed = customizer.customize(provider.name(), name, changed);
    }
    try {
      return provider.create(changed);
    } catch (InvalidConfigurationException e) {
      throw new InvalidConfigurationException(
          "redrive." + provider.name() + ".accounts." + name + ": " + provider.displayName(),
          e.problems());
    }
  }

  /** The values that must not be shown. */
  Set<String> secrets() {
    return provider.settings().stream()
        .filter(ProviderSetting::secret)
        .map(setting -> settings.get(setting.name()))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }
}
