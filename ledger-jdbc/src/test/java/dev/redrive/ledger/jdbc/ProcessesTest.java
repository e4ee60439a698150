package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryResult;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ledgers that other processes use, or used until they were killed. */
@Execution(ExecutionMode.CONCURRENT)
class ProcessesTest {
  private static final Duration SILENCE = Duration.ofSeconds(15);

  @TempDir Path folder;

  @Test
  void sqlite_whenAnotherProcessHasIt_canBeReadMeanwhile() throws Exception {
    Path file = folder.resolve("ledger");
    try (Child child = Child.start("", "claim", file.toString(), "theirs")) {
      assertThat(child.line()).isEqualTo("claimed 20");

      try (RetryLedger ledger = JdbcLedger.openExisting(file)) {
        assertThat(counts(ledger, "theirs"))
            .isEqualTo(Map.of(DeliveryState.SENDING, 20L, DeliveryState.FOUND, 10L));
      }
    }
  }

  @Test
  void sqlite_whenKilledWithClaimsOpen_givesThemAwayAfterTheLease() throws Exception {
    Path file = folder.resolve("ledger");
    try (Child child = Child.start("", "claim", file.toString(), "killed")) {
      assertThat(child.line()).isEqualTo("claimed 20");
      child.kill();
    }

    try (RetryLedger ledger = JdbcLedger.open(file)) {
      begin(ledger, "early", Child.NOW);
      assertThat(ledger.takeUp("early", Child.ACME, Child.NOW, SILENCE)).isZero();
      StoredTimes.pass("jdbc:sqlite:" + file, Child.LEASE);
      assertThatClaimsGoOver(ledger, Child.NOW.plus(Child.LEASE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 9, 14, 22, 30})
  void sqlite_whenKilledWhileItWrites_losesNoClaim(int claims) throws Exception {
    Path file = folder.resolve("ledger");
    try (Child child = Child.start("", "claimSingly", file.toString(), "killed")) {
      String line;
      do {
        line = child.line();
      } while (!line.equals("claimed " + claims));
      child.kill();
    }

    try (RetryLedger ledger = JdbcLedger.open(file)) {
      assertThat(counts(ledger, "killed").get(DeliveryState.SENDING)).isBetween((long) claims, 30L);
    }
  }

  @Test
  void postgres_whenKilledWithClaimsOpen_givesThemAwayAfterTheLease() throws Exception {
    String url = Postgres.newSchema();
    try (Child child = Child.start("", "claim", url, "killed")) {
      assertThat(child.line()).isEqualTo("claimed 20");
      child.kill();
    }

    try (RetryLedger ledger = JdbcLedger.open(url)) {
      begin(ledger, "early", Child.NOW);
      assertThat(ledger.takeUp("early", Child.ACME, Child.NOW, SILENCE)).isZero();
      StoredTimes.pass(url, Child.LEASE);
      assertThatClaimsGoOver(ledger, Child.NOW.plus(Child.LEASE));
    }
  }

  @Test
  void postgres_whenTheServerIsKilled_losesNoClaim() throws Exception {
    Path data = folder.resolve("server");
    try (EmbeddedPostgres server = Postgres.startIn(data);
        RetryLedger ledger = JdbcLedger.open(server.getJdbcUrl("postgres", "postgres"))) {
      begin(ledger, "killed", Child.NOW);
      ledger.admit("killed", Child.ACME, ListedFailures.of("log-", 30), RetryLedger.Round.FIRST);
      for (int i = 0; i < 2; i++) {
        List<LedgerEntry> claimed = claim(ledger, 10);
        ledger.record(
            "killed",
            claimed,
            claimed.stream()
                .map(e -> RetryResult.accepted(e.delivery(), "new-" + e.id(), Child.NOW))
                .toList());
      }
      claim(ledger, 5);
      Postgres.kill(data);
    }

    try (EmbeddedPostgres server = Postgres.startIn(data);
        RetryLedger ledger = JdbcLedger.open(server.getJdbcUrl("postgres", "postgres"))) {
      assertThat(counts(ledger, "killed"))
          .isEqualTo(
              Map.of(
                  DeliveryState.ACCEPTED, 20L, DeliveryState.SENDING, 5L, DeliveryState.FOUND, 5L));
    }
  }

  private static List<LedgerEntry> claim(RetryLedger ledger, int most) {
    return ledger.claim(
        "killed", Child.ACME, RetryLedger.Grouping.ANY, most, Child.NOW, Child.LEASE);
  }

  private static void assertThatClaimsGoOver(RetryLedger ledger, Instant now) {
    begin(ledger, "next", now);
    assertThat(ledger.takeUp("next", Child.ACME, now, SILENCE)).isEqualTo(20);
    assertThat(
            ledger.admit(
                "next", Child.ACME, ListedFailures.of("log-", 30), RetryLedger.Round.FIRST))
        .containsOnly(Admission.IN_THIS_RUN, Admission.ADMITTED);
    assertThat(counts(ledger, "next"))
        .isEqualTo(Map.of(DeliveryState.UNKNOWN, 20L, DeliveryState.FOUND, 10L));
    assertThat(ledger.unsettled("killed", Child.ACME, 0, 30)).isEmpty();
  }

  @Test
  void postgres_whenTwoProcessesClaim_givesEachDeliveryToOne() throws Exception {
    String url = Postgres.newSchema();
    assertThatEachDeliveryGoesToOne(JdbcLedger.open(url), url);
  }

  @Test
  void sqlite_whenTwoProcessesClaim_givesEachDeliveryToOne() throws Exception {
    Path file = folder.resolve("ledger");
    assertThatEachDeliveryGoesToOne(JdbcLedger.open(file), file.toString());
  }

  private static void assertThatEachDeliveryGoesToOne(RetryLedger opened, String name)
      throws Exception {
    List<FailedDelivery> found = ListedFailures.of("log-", 2_000);
    try (RetryLedger ledger = opened) {
      begin(ledger, "shared", Child.NOW);
      ledger.admit("shared", Child.ACME, found, RetryLedger.Round.FIRST);
      try (Child one = Child.start("", "claimAll", name, "one");
          Child two = Child.start("", "claimAll", name, "two")) {
        List<String> claimed = new ArrayList<>();
        for (Child child : List.of(one, two)) {
          String line = child.line();
          assertThat(line).isEqualTo("ready");
          while (!(line = child.line()).startsWith("done")) {
            claimed.add(line);
          }
        }
        assertThat(claimed).hasSize(found.size()).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void sqlite_whenNoMoreCanBeWritten_saysWhyAndKeepsWhatWasWritten() throws Exception {
    Path file = folder.resolve("ledger");
    try (Child child = Child.start("ulimit -f 8192; ", "fill", file.toString())) {
      assertThat(child.line())
          .startsWith("LedgerException: The ledger " + file)
          .contains("the limit on file sizes");
    }

    try (RetryLedger ledger = JdbcLedger.open(file)) {
      assertThat(counts(ledger, "filling").get(DeliveryState.FOUND)).isPositive();
    }
  }

  private static Map<DeliveryState, Long> counts(RetryLedger ledger, String run) {
    return ledger.standing(run, Child.ACME).own();
  }

  private static void begin(RetryLedger ledger, String run, Instant now) {
    ledger.begin(new LedgerRun(run, List.of(Child.ACME), now));
  }
}
