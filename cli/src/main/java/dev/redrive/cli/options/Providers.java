package dev.redrive.cli.options;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import dev.redrive.cli.config.Profile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The providers that are on the class path. */
public final class Providers {
  /** All of them, by name. */
  public static final List<ProviderFactory> ALL = ProviderFactory.all();

  private Providers() {}

  /** The provider of this name, in any case. */
  public static Optional<ProviderFactory> find(String name) {
    return ALL.stream().filter(provider -> provider.name().equalsIgnoreCase(name)).findFirst();
  }

  public static List<String> names() {
    return ALL.stream().map(ProviderFactory::name).toList();
  }

  /** A provider's name for people; its id, as the ledger has it, if it is not here any more. */
  public static String displayName(String name) {
    return find(name).map(ProviderFactory::displayName).orElse(name);
  }

  /** Whether there is no client of the provider without this setting. */
  public static boolean needs(ProviderFactory provider, String setting) {
    return setting(provider, setting).filter(ProviderSetting::required).isPresent();
  }

  /** Whether the provider has such a setting, and its value must not be shown. */
  public static boolean isSecret(ProviderFactory provider, String setting) {
    return setting(provider, setting).filter(ProviderSetting::secret).isPresent();
  }

  /** The settings that a profile or a flag can set by their own names, as advice. */
  public static String othersOf(ProviderFactory provider) {
    return provider.name()
        + " takes "
        + provider.settings().stream()
            .filter(setting -> !setting.secret() && Profile.fieldOf(setting.name()) == null)
            .map(ProviderSetting::name)
            .collect(Collectors.joining(", "));
  }

  /** The names of those that take a setting. */
  public static List<String> taking(String setting) {
    return ALL.stream()
        .filter(provider -> provider.takes(setting))
        .map(ProviderFactory::name)
        .toList();
  }

  /** All values that a provider's setting may have; empty if that is open, or it takes no such. */
  public static List<String> values(ProviderFactory provider, String setting) {
    return setting(provider, setting).map(ProviderSetting::values).orElse(List.of());
  }

  private static Optional<ProviderSetting> setting(ProviderFactory provider, String name) {
    return provider.settings().stream().filter(taken -> taken.name().equals(name)).findFirst();
  }

  /** All values that a setting may have at one provider or another. */
  public static List<String> values(String setting) {
    return ALL.stream().flatMap(provider -> values(provider, setting).stream()).distinct().toList();
  }
}
