package dev.redrive.cli.config;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One account at one provider, as the configuration file describes it.
 *
 * @param name the name of the profile
 * @param provider the provider
 * @param settings the provider's settings that are not secret, by their names
 * @param keys where the secret settings are kept, by their names; without {@code apiKey} it is
 *     {@link KeySource#DEFAULT}
 */
public record Profile(
    String name,
    ProviderFactory provider,
    Map<String, String> settings,
    Map<String, KeySource> keys) {
  /** Which settings have a name of their own in a profile, by that name. */
  public static final Map<String, String> FIELDS =
      ordered(
          List.of(
              Map.entry("base-url", ProviderSetting.BASE_URL),
              Map.entry("webhook", ProviderSetting.WEBHOOK_ID),
              Map.entry("account", ProviderSetting.ACCOUNT),
              Map.entry("api-version", ProviderSetting.API_VERSION)));

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,39}");

  public Profile {
    settings = Map.copyOf(settings);
    keys = Map.copyOf(keys);
  }

  /** The settings that have a name of their own in a profile, by that name. */
  public Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>(FIELDS);
    fields.values().retainAll(settings.keySet());
    fields.replaceAll((field, setting) -> settings.getOrDefault(setting, ""));
    return fields;
  }

  /** All other settings, by their names. */
  public Map<String, String> others() {
    Map<String, String> others = new TreeMap<>(settings);
    others.keySet().removeAll(FIELDS.values());
    return others;
  }

  /** Whether a profile may have this name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The name that a setting has in a profile and as a flag; null if it has none of its own. */
  public static @Nullable String fieldOf(String setting) {
    return FIELDS.entrySet().stream()
        .filter(field -> field.getValue().equals(setting))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /** Where its API key is kept. */
  public KeySource key() {
    return keys.getOrDefault(ProviderSetting.API_KEY, KeySource.DEFAULT);
  }

  private static Map<String, String> ordered(List<Map.Entry<String, String>> fields) {
    Map<String, String> ordered = new LinkedHashMap<>();
    fields.forEach(field -> ordered.put(field.getKey(), field.getValue()));
    return java.util.Collections.unmodifiableMap(ordered);
  }
}
