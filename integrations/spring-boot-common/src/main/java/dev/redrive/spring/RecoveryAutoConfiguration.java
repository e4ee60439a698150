package dev.redrive.spring;

import dev.redrive.Secret;
import dev.redrive.WebhookRetryClient;
import dev.redrive.ledger.jdbc.JdbcLedger;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.Recovery;
import dev.redrive.recovery.RecoveryListener;
import dev.redrive.recovery.ledger.RetryLedger;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Scope;

/**
 * The ledger, and a builder of recoveries, if there is a client. Without one, no table is created.
 */
@AutoConfiguration(
    after = ClientsAutoConfiguration.class,
    // Of Spring Boot 3, and of 4.
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnBean(WebhookRetryClient.class)
@EnableConfigurationProperties(RedriveProperties.class)
class RecoveryAutoConfiguration {
  /** The bean of the ledger if it is in the application's database. */
  static final String LEDGER_IN_DATA_SOURCE = "redriveLedgerInDataSource";

  @Bean
  @ConditionalOnMissingBean
  @Conditional(HasUrl.class)
  RetryLedger redriveLedger(RedriveProperties properties) {
    RedriveProperties.Ledger ledger = properties.ledger();
    String url = Objects.requireNonNull(ledger.url());
    if (!url.contains("://") && !url.toLowerCase(Locale.ROOT).startsWith("jdbc:")) {
      return JdbcLedger.open(Path.of(url));
    }
    return ledger.user() == null
        ? JdbcLedger.open(url)
        : JdbcLedger.open(
            url, ledger.user(), Secret.of(Objects.requireNonNullElse(ledger.password(), "")));
  }

  /** After Flyway and others, which refuse a database that already has tables. */
  @Bean(LEDGER_IN_DATA_SOURCE)
  @ConditionalOnMissingBean
  @ConditionalOnSingleCandidate(DataSource.class)
  @DependsOnDatabaseInitialization
  RetryLedger ledgerInDataSource(DataSource source) {
    return JdbcLedger.open(source);
  }

  /** A new one for each use. */
  @Bean
  @Scope(ConfigurableBeanFactory.SCOPE_PROTOTYPE)
  @ConditionalOnMissingBean
  @ConditionalOnBean(RetryLedger.class)
  Recovery.Builder redriveRecovery(
      ObjectProvider<WebhookRetryClient> clients,
      RetryLedger ledger,
      RedriveProperties properties,
      ObjectProvider<RecoveryListener> listeners,
      ObjectProvider<RecoveryCustomizer> customizers) {
    RedriveProperties.Recovery settings = properties.recovery();
    Recovery.Builder recovery =
        Recovery.of(clients.orderedStream().toList())
            .ledger(ledger)
            .listener(new AllListeners(listeners.orderedStream().toList()))
            .concurrency(settings.concurrency())
            .canary(settings.canary());
    Double maxRate = settings.maxRate();
    if (maxRate != null) {
      recovery.maxRate(maxRate);
    }
    customizers.orderedStream().forEach(customizer -> customizer.customize(recovery));
    return recovery;
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnBean(RetryLedger.class)
  LedgerStatus redriveLedgerStatus(ObjectProvider<WebhookRetryClient> clients, RetryLedger ledger) {
    return new LedgerStatus(clients.orderedStream().map(Account::of).toList(), ledger);
  }

  /** The ledger has a place of its own. */
  static final class HasUrl extends AnyNestedCondition {
    HasUrl() {
      super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnProperty("redrive.ledger.url")
    static class ByProperty {}

    /** {@code REDRIVE_LEDGER}. */
    @ConditionalOnProperty("redrive.ledger")
    static class ByVariable {}
  }
}
