package dev.redrive.spring;

import dev.redrive.RequestListener;
import dev.redrive.WebhookRetryClient;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;

/** Creates the clients of the configured accounts. */
final class ConfiguredClients {
  static final String BEAN = "redriveConfiguredClients";

  private final List<ConfiguredAccount> accounts;
  private final List<ClientCustomizer> customizers;
  private final ObjectProvider<RequestListener> listeners;

  ConfiguredClients(
      List<ConfiguredAccount> accounts,
      List<ClientCustomizer> customizers,
      ObjectProvider<RequestListener> listeners) {
    this.accounts = accounts;
    this.customizers = customizers;
    this.listeners = listeners;
  }

  /** Creates the client whose bean has this name. */
  WebhookRetryClient client(String beanName) {
    return accounts.stream()
        .filter(account -> account.beanName().equals(beanName))
        .findFirst()
        .orElseThrow()
        .client(customizers, new AllRequestListeners(listeners.orderedStream().toList()));
  }

  /** Returns the keys of all accounts, as they are in the properties. */
  Set<String> secrets() {
    return accounts.stream()
        .flatMap(account -> account.secrets().stream())
        .collect(Collectors.toSet());
  }
}
