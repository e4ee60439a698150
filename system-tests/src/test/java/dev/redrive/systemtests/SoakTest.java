package dev.redrive.systemtests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one ledger that are disturbed in every way, in rounds: none in {@code mvn
 * verify}, many in {@code mvn verify -Pcrash}. No event may be delivered twice, none may be lost,
 * and every report adds up. What is disturbed follows from a seed, which is printed.
 */
class SoakTest {
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
    assumeTrue(ROUNDS > 0, "the soak runs with -Pcrash");
    SharingProcess.open(ledger).close();
    try (Fakes fakes = Fakes.start(SEED, Soak.APIS)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (var soak = new Soak(name, ledger, fakes, SEED * 1_000 + round, dropper)) {
          soak.run();
        }
      }
    }
  }
}
