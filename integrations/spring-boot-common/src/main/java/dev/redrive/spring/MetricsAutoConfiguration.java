package dev.redrive.spring;

import dev.redrive.RequestListener;
import dev.redrive.WebhookRetryClient;
import dev.redrive.micrometer.RedriveMetrics;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.RetryLedger;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The meters, if the application has {@code redrive-micrometer} and a registry. */
@AutoConfiguration(
    after = RecoveryAutoConfiguration.class,
    // Of Spring Boot 3, and of 4.
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass({RedriveMetrics.class, MeterRegistry.class})
@ConditionalOnBean({WebhookRetryClient.class, MeterRegistry.class})
class MetricsAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  RedriveMetrics redriveMetrics(
      MeterRegistry registry, ObjectProvider<ObservationRegistry> observations) {
    return RedriveMetrics.builder(registry)
        .observations(observations.getIfUnique(() -> ObservationRegistry.NOOP))
        .build();
  }

  /** For the clients of the configured accounts. */
  @Bean
  @ConditionalOnMissingBean(name = "redriveRequestMeters")
  RequestListener redriveRequestMeters(RedriveMetrics metrics) {
    return metrics.requestListener();
  }

  @Bean
  @ConditionalOnMissingBean(name = "redriveRecoveryMeters")
  RecoveryListener redriveRecoveryMeters(RedriveMetrics metrics) {
    return metrics.recoveryListener();
  }

  @Bean
  @ConditionalOnMissingBean(name = "redriveLedgerMeters")
  @ConditionalOnBean(RetryLedger.class)
  SmartInitializingSingleton redriveLedgerMeters(
      RedriveMetrics metrics, RetryLedger ledger, ObjectProvider<WebhookRetryClient> clients) {
    return () -> metrics.watch(ledger, clients.orderedStream().toList());
  }
}
