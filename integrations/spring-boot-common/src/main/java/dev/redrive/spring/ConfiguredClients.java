package dev.redrive.spring;

import dev.redrive.WebhookRetryClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Creates the clients of the configured accounts. */
final class ConfiguredClients {
  static final String BEAN = "redriveConfiguredClients";

  private final List<ConfiguredAccount> accounts;
  private final List<ClientCustomizer> customizers;

  ConfiguredClients(List<ConfiguredAccount> accounts, List<ClientCustomizer> customizers) {
    this.accounts = accounts;
    this.customizers = customizers;
  }

  /** Creates the client whose bean has this name. */
  WebhookRetryClient client(String beanName) {
    return accounts.stream()
        .filter(account -> account.beanName().equals(beanName))
        .findFirst()
        .orElseThrow()
        .client(customizers);
  }

  /** Returns the keys of all accounts, as they are in the properties. */
  Set<String> secrets() {
    return accounts.stream()
        .flatMap(account -> account.secrets().stream())
        .collect(Collectors.toSet());
  }
}
