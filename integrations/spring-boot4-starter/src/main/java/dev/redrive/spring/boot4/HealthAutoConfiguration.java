package dev.redrive.spring.boot4;

import dev.redrive.spring.LedgerStatus;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health by the ledger. */
@AutoConfiguration(afterName = "dev.redrive.spring.RecoveryAutoConfiguration")
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(LedgerStatus.class)
@ConditionalOnEnabledHealthIndicator("redrive")
class HealthAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean(name = "redriveHealthIndicator")
  HealthIndicator redriveHealthIndicator(LedgerStatus status) {
    return new LedgerHealthIndicator(status);
  }
}
