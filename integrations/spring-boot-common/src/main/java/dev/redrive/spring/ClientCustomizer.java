package dev.redrive.spring;

import dev.redrive.ProviderSettings;

/**
 * Changes the settings of the accounts that are configured in properties, for example to take a key
 * from a vault. Beans of this type are called in their order.
 */
@FunctionalInterface
public interface ClientCustomizer {
  /**
   * Returns the settings to use.
   *
   * @param provider the provider's id, such as {@code chatt2me}
   * @param name the account's name in the properties
   * @param settings its settings so far, by the names in {@link
   *     dev.redrive.ProviderFactory#settings()}
   */
  ProviderSettings customize(String provider, String name, ProviderSettings settings);
}
