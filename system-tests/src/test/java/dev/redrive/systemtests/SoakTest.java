package dev.redrive.systemtests;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Several processes on one ledger that are disturbed in every way, in rounds: a short one in {@code
 * mvn verify}, many long ones in {@code mvn verify -Pcrash}. No event may be delivered twice, none
 * may be lost, and every report adds up. What is disturbed follows from a seed, which is printed.
 */
@Execution(ExecutionMode.CONCURRENT)
// Ten long rounds of several processes each, perhaps beside the crash tests.
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SoakTest {
  /** Long ones; none for a short one. */
  private static final int ROUNDS = Integer.getInteger("redrive.soak.rounds", 0);

  private static final long SEED = Long.getLong("redrive.soak.seed", 1);

  @TempDir Path folder;

  @Test
  void noEventIsDeliveredTwiceOrLost_whenProcessesOnOneSqliteFileAreDisturbed() {
    soak("SQLite", folder.resolve("ledger").toString(), database -> 0);
  }

  @Test
  void noEventIsDeliveredTwiceOrLost_whenProcessesOnOnePostgresDatabaseAreDisturbed() {
    String database = "soak" + SEED;
    soak(database, Postgres.newDatabase(database), Postgres::dropConnections);
  }

  private static void soak(String name, String ledger, Soak.Dropper dropper) {
    SharingProcess.open(ledger).close();
    Soak.Size size = ROUNDS > 0 ? Soak.Size.LONG : Soak.Size.SHORT;
    try (Fakes fakes = Fakes.start(SEED, Soak.APIS)) {
      for (int round = 0; round < Math.max(ROUNDS, 1); round++) {
        try (var soak = new Soak(name, ledger, size, fakes, SEED * 1_000 + round, dropper)) {
          soak.run();
        }
      }
    }
  }
}
