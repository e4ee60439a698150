package dev.redrive.spring;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.redrive.DeliveryQuery;
import dev.redrive.InvalidConfigurationException;
import dev.redrive.WebhookRetryClient;
import dev.redrive.dbscheduler.CatchUpScheduler;
import dev.redrive.recovery.CatchUp;
import dev.redrive.recovery.Recovery;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The catch-up in the background, if it is switched on: by db-scheduler if the application has
 * {@code redrive-db-scheduler} and the ledger is in its database, else by threads of its own.
 */
@AutoConfiguration(after = RecoveryAutoConfiguration.class)
@ConditionalOnProperty(name = "redrive.catch-up.enabled", havingValue = "true")
@EnableConfigurationProperties(RedriveProperties.class)
class CatchUpAutoConfiguration {
  /** Without client or ledger it fails: if it did nothing, all would look well. */
  @Bean
  @ConditionalOnMissingBean
  CatchUp redriveCatchUp(
      ObjectProvider<WebhookRetryClient> clients,
      ObjectProvider<Recovery.Builder> recoveries,
      RedriveProperties properties,
      ObjectProvider<RecoveryCustomizer> recoveryCustomizers,
      ObjectProvider<CatchUpCustomizer> customizers) {
    Recovery.Builder recovery = recoveries.getIfAvailable();
    if (recovery == null) {
      throw new InvalidConfigurationException(
          "redrive.catch-up.enabled: Redrive",
          List.of(
              clients.stream().findAny().isEmpty()
                  ? "no account: set redrive.<provider>.accounts.<name>.api-key, and add the"
                      + " provider's module to the class path"
                  : "no ledger: set redrive.ledger.url, or give the application one PostgreSQL"
                      + " DataSource"));
    }
    RedriveProperties.CatchUp settings = properties.catchUp();
    Instant from = settings.from();
    if (from != null) {
      recovery.query(DeliveryQuery.since(from));
      // A query of the application may have filters: it wins over the property.
      recoveryCustomizers.orderedStream().forEach(customizer -> customizer.customize(recovery));
    }
    CatchUp.Builder catchUp = CatchUp.of(recovery).overlap(settings.overlap());
    customizers.orderedStream().forEach(customizer -> customizer.customize(catchUp));
    return catchUp.build();
  }

  /** On several machines: one of them has an account, and others take over if it dies. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({CatchUpScheduler.class, Scheduler.class})
  @ConditionalOnBean(name = RecoveryAutoConfiguration.LEDGER_IN_DATA_SOURCE)
  static class OnSeveralMachines {
    @Bean
    @ConditionalOnMissingBean(name = "redriveCatchUpSchedule")
    SmartLifecycle redriveCatchUpSchedule(
        CatchUp catchUp, DataSource source, RedriveProperties properties) {
      return new CatchUpLifecycle(
          () -> {
            CatchUpScheduler scheduler =
                CatchUpScheduler.builder(source, catchUp)
                    .every(properties.catchUp().every())
                    .build();
            scheduler.start();
            return scheduler::close;
          });
    }
  }

  @Bean
  @ConditionalOnMissingBean(name = "redriveCatchUpSchedule")
  SmartLifecycle redriveCatchUpSchedule(CatchUp catchUp, RedriveProperties properties) {
    return new CatchUpLifecycle(
        () -> CatchUpThreads.start(catchUp, properties.catchUp().every())::stop);
  }
}
