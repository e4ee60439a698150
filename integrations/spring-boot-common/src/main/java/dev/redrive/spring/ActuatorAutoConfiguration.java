package dev.redrive.spring;

import java.util.HashSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint, and the masks of secrets. */
@AutoConfiguration(after = RecoveryAutoConfiguration.class)
@ConditionalOnClass({SanitizingFunction.class, ConditionalOnAvailableEndpoint.class})
class ActuatorAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnAvailableEndpoint
  @ConditionalOnBean(LedgerStatus.class)
  RedriveEndpoint redriveEndpoint(LedgerStatus status) {
    return new RedriveEndpoint(status);
  }

  @Bean
  @ConditionalOnMissingBean(name = "redriveMaskedSecrets")
  SanitizingFunction redriveMaskedSecrets(ObjectProvider<ConfiguredClients> clients) {
    Set<String> secrets = new HashSet<>();
    clients.forEach(each -> secrets.addAll(each.secrets()));
    return new MaskedSecrets(secrets);
  }
}
