package dev.redrive.spring.boot4;

import dev.redrive.spring.LedgerStatus;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Up if the ledger can be read. Tells up to when the failures of each account were seen. Asks no
 * provider: an outage there does not make the application unhealthy.
 */
final class LedgerHealthIndicator extends AbstractHealthIndicator {
  private final LedgerStatus status;

  LedgerHealthIndicator(LedgerStatus status) {
    super("The ledger cannot be read");
    this.status = status;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.up().withDetail("completeUntil", status.completeUntil());
  }
}
