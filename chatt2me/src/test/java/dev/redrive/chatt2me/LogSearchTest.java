package dev.redrive.chatt2me;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.testkit.FakeChatt2me;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the logs of a webhook are scanned for what its retries left there. */
class LogSearchTest extends OutcomesFixture {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tenThousandRetriesAreVerifiedInAsManyPagesAsTheyFill(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1).recordedRequests(0));
    fake.failures(10_000);
    fake.successes(5_000);
    List<FailedDelivery> failures = failures();
    long before = fake.requestCount();
    List<RetryResult> results = client.retryAll(failures);
    assertThat(fake.requestCount() - before).isEqualTo(200);
    fake.latency(Duration.ofMillis(2));
    before = fake.requestCount();

    List<RetryOutcome> outcomes = client.outcomes(results);

    // If the oldest is first, the first page tells where the list ends.
    assertThat(fake.requestCount() - before).isEqualTo(oldestFirst ? 201 : 200);
    assertThat(fake.peakConcurrency()).isLessThanOrEqualTo(8);
    assertThat(outcomes).extracting(RetryOutcome::result).isEqualTo(results);
    assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.DELIVERED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachPageIsHandedOverAndALostRetryAtTheEnd(boolean oldestFirst) {
    // Pages that have come in meanwhile are handed over together, so only one is read at once.
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1), 1);
    fake.failures(201);
    List<FailedDelivery> failures = failures();
    List<RetryResult> results = new ArrayList<>();
    results.add(retryWithLostAnswer(failures.get(0)));
    results.addAll(client.retryAll(failures.subList(1, 201)));
    time.advance(SETTLED);
    var handOvers = new ArrayList<List<RetryOutcome>>();

    client.outcomes(results, handOvers::add);

    // A page's first row is the last one of the page before; the lost one's new log is the last.
    assertThat(handOvers.subList(0, 4)).extracting(List::size).containsExactly(50, 49, 49, 49);
    List<RetryOutcome> last = handOvers.get(handOvers.size() - 1);
    assertThat(last).extracting(RetryOutcome::result).containsExactly(results.get(0));
    assertThat(handOvers).hasSize(6).allSatisfy(some -> assertThat(some).isNotEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outcomesAreFoundWhileNewLogsArriveBetweenPages(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(2));
    fake.failures(1_200);
    List<RetryResult> results = client.retryAll(failures());
    fake.beforeEachPage(() -> fake.traffic(9));
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void outcomesAreFoundWhileOldLogsArePurged() {
    start(FakeChatt2me.builder().oldestFirst(true).webhooks(1));
    List<String> old = fake.successes(700);
    fake.failures(400);
    List<RetryResult> results = client.retryAll(failures());
    int[] purged = {0};
    fake.beforeEachPage(
        () -> {
          for (int i = 0; i < 120 && purged[0] < old.size(); i++) {
            fake.delete(old.get(purged[0]++));
          }
        });
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void missingLogIsLookedForNoFurtherThanTheRetriedOne() {
    start(FakeChatt2me.builder().webhooks(1));
    List<String> seeded = fake.failures(5_000);
    FailedDelivery recent = failure(seeded.get(4_900));
    RetryResult result = RetryResult.accepted(recent, UUID.randomUUID().toString(), time.now());
    long before = fake.requestCount();
    assertThat(outcome(result).status()).isEqualTo(Status.PENDING);
    // Four pages, twice, and what may have been read ahead.
    assertThat(fake.requestCount() - before).isBetween(8L, 8L + 4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void orderIsFoundThoughTheFirstPageHasOneTime(boolean oldestFirst) {
    start(FakeChatt2me.builder().oldestFirst(oldestFirst).webhooks(1));
    if (oldestFirst) {
      for (int i = 0; i < 60; i++) {
        fake.delivery().at(time.now().minus(Duration.ofHours(9))).add();
      }
    }
    List<String> seeded = fake.failures(5_000);
    List<FailedDelivery> failures = failures();
    FailedDelivery recent = failure(seeded.get(4_990));
    client.retryAll(failures.subList(0, 60));
    RetryResult result = RetryResult.unknown(recent, "lost", time.now());
    long before = fake.requestCount();
    outcome(result);
    assertThat(fake.requestCount() - before).isLessThanOrEqualTo(14);
  }
}
