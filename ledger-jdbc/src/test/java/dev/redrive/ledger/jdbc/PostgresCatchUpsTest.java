package dev.redrive.ledger.jdbc;

import dev.redrive.recovery.ledger.CatchUpsContract;
import dev.redrive.recovery.ledger.RetryLedger;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

class PostgresCatchUpsTest extends CatchUpsContract {
  private @Nullable PostgresClock server;

  @Override
  protected RetryLedger open() throws Exception {
    if (server == null) {
      server = new PostgresClock(clock.instant());
    }
    return JdbcLedger.open(server.url());
  }

  @Override
  protected void advance(Duration by) throws Exception {
    super.advance(by);
    server.set(clock.instant());
  }
}
