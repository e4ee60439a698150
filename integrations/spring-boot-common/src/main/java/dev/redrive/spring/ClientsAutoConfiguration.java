package dev.redrive.spring;

import dev.redrive.RequestListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** A client for each account in the properties. */
@AutoConfiguration
@Import(ClientRegistrar.class)
class ClientsAutoConfiguration {
  @Bean(ConfiguredClients.BEAN)
  ConfiguredClients configuredClients(
      Environment environment,
      ObjectProvider<ClientCustomizer> customizers,
      ObjectProvider<RequestListener> listeners) {
    return new ConfiguredClients(
        ConfiguredAccount.all(environment), customizers.orderedStream().toList(), listeners);
  }
}
