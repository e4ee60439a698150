package dev.redrive.ledger.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.DeliveryStatus;
import dev.redrive.recovery.ledger.Admission;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerException;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import dev.redrive.recovery.ledger.RetryLedgerContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What a ledger in a database does besides. */
abstract class JdbcLedgerContract extends RetryLedgerContract {
  /** The ledger that {@link #emptyLedger} made, opened once more. */
  abstract RetryLedger reopened();

  /** For a connection to its database. */
  abstract String jdbcUrl();

  @Override
  protected void pass(Duration time) {
    StoredTimes.pass(jdbcUrl(), time);
  }

  private void reopen() {
    ledger.close();
    ledger = reopened();
  }

  @Test
  void everything_whenReopened_isStillThere() {
    recover("r1", "a", DeliveryStatus.FAILED, "a2");
    begin("r2", at(10));
    admit("r2", failed("b", 1), failed("c", 2), failed("d", 3));
    recordAccepted("r2", claim("r2", 1).get(0), "b2");
    List<LedgerEntry> before = entries("r2");
    List<LedgerEntry> ended = entries("r1");
    List<LedgerRun> runs = ledger.runs(10);

    reopen();

    assertThat(entries("r1")).isEqualTo(ended);
    assertThat(entries("r2")).isEqualTo(before);
    assertThat(ledger.runs(10))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("silence")
        .isEqualTo(runs);
    assertThat(own("r2")).isEqualTo(Map.of(DeliveryState.FOUND, 2L, DeliveryState.ACCEPTED, 1L));
    assertThat(admit("r2", failed("b2", 9), failed("a2", 9), failed("b", 1)))
        .containsExactly(
            Admission.PART_OF_LINEAGE, Admission.FAILED_AGAIN_EARLIER, Admission.IN_THIS_RUN);
    assertThat(claim("r2", 10)).extracting(e -> e.key().id()).containsExactly("c", "d");
  }

  @Test
  void everything_whenOpenedTwice_isShared() {
    try (RetryLedger other = reopened()) {
      begin("r1", T0);
      admit("r1", failed("a", 0));

      assertThat(other.claim("r1", ACME, RetryLedger.Grouping.ANY, 1, T0, LEASE)).hasSize(1);
      assertThat(claim("r1", 1)).isEmpty();
    }
  }

  @Test
  void claim_whenAnotherLedgerQueuedSomethingOlder_findsIt() {
    try (RetryLedger other = reopened()) {
      begin("r1", T0);
      admit("r1", failed("b", 2), failed("c", 3));
      claim("r1", 1);

      other.admit("r1", ACME, List.of(failed("a", 1)), RetryLedger.Round.FIRST);

      assertThat(claim("r1", 1)).extracting(e -> e.key().id()).containsExactly("a");
      assertThat(claim("r1", 1)).extracting(e -> e.key().id()).containsExactly("c");
      assertThat(claim("r1", 1)).isEmpty();
    }
  }

  @Test
  void record_byManyThreadsAtOnce_storesWhatEachHas() {
    begin("r1", T0);
    ledger.admit("r1", ACME, failures(200), RetryLedger.Round.FIRST);
    List<LedgerEntry> claimed = claim("r1", 200);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<Void>> recorded =
          claimed.stream()
              .map(
                  entry ->
                      CompletableFuture.runAsync(
                          () -> recordAccepted("r1", entry, "new-" + entry.key().id()), threads))
              .toList();
      recorded.forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }

    assertThat(entries("r1"))
        .hasSize(200)
        .allSatisfy(entry -> assertThat(entry.newLogId()).isEqualTo("new-" + entry.key().id()));
    assertThat(own("r1")).isEqualTo(Map.of(DeliveryState.ACCEPTED, 200L));
  }

  @Test
  void record_whenTheLedgerIsClosed_failsForEachThread() {
    begin("r1", T0);
    ledger.admit("r1", ACME, failures(8), RetryLedger.Round.FIRST);
    List<LedgerEntry> claimed = claim("r1", 8);
    ledger.close();

    for (LedgerEntry entry : claimed) {
      assertThatThrownBy(() -> recordAccepted("r1", entry, "new"))
          .isInstanceOf(LedgerException.class);
    }
    ledger = reopened();
    assertThat(own("r1")).isEqualTo(Map.of(DeliveryState.SENDING, 8L));
  }
}
