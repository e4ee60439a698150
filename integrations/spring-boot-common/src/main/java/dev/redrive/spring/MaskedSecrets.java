package dev.redrive.spring;

import dev.redrive.ProviderFactory;
import dev.redrive.ProviderSetting;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Masks keys and passwords in {@code /env} and {@code /configprops}, even where values are shown. A
 * key is also masked where another property or a variable holds it, as with {@code api-key:
 * ${SALES_KEY}}.
 */
final class MaskedSecrets implements SanitizingFunction {
  /** Shorter ones might be found in the middle of any value. */
  private static final int LENGTH_TO_SEARCH = 8;

  private final Set<String> endsOfKeys;
  private final Set<String> secrets;

  /**
   * @param secrets the values to mask
   */
  MaskedSecrets(Set<String> secrets) {
    this.secrets = secrets;
    this.endsOfKeys =
        Stream.concat(
                Stream.of("ledgerpassword"),
                ProviderFactory.all().stream()
                    .flatMap(provider -> provider.settings().stream())
                    .filter(ProviderSetting::secret)
                    .map(setting -> ConfiguredAccount.plain(setting.name())))
            .collect(Collectors.toSet());
  }

  @Override
  public SanitizableData apply(SanitizableData data) {
    Object value = data.getValue();
    return value != null && isSecret(data.getKey(), value.toString())
        ? data.withSanitizedValue()
        : data;
  }

  private boolean isSecret(String key, String value) {
    String plain = ConfiguredAccount.plain(key);
    if (plain.startsWith("redriveledger") && (value.contains("@") || value.contains("password"))) {
      return true;
    }
    return (plain.startsWith("redrive") && endsOfKeys.stream().anyMatch(plain::endsWith))
        || secrets.stream().anyMatch(secret -> holds(value, secret));
  }

  private static boolean holds(String value, String secret) {
    return secret.length() < LENGTH_TO_SEARCH ? value.equals(secret) : value.contains(secret);
  }
}
