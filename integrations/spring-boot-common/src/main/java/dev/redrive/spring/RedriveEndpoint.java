package dev.redrive.spring;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** The actuator endpoint {@code redrive}: accounts, windows and backlog. Changes nothing. */
@Endpoint(id = "redrive")
public final class RedriveEndpoint {
  private final LedgerStatus status;

  RedriveEndpoint(LedgerStatus status) {
    this.status = status;
  }

  /**
   * Returns what the ledger says of the accounts.
   *
   * @throws dev.redrive.recovery.ledger.LedgerException if the ledger cannot be read
   */
  @ReadOperation
  public LedgerStatus.Status redrive() {
    return status.read();
  }
}
