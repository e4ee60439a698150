package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be read is no evidence that an event may be sent. */
class OnlyOfficeUnreadableLogsTest extends PortalTest {
  @ParameterizedTest
  @ValueSource(strings = {"\"soon\"", "{}", "[]", "true", "0", "[1]"})
  void aNextAttemptWhoseTimeCannotBeReadIsStillOne(String next) throws Exception {
    Log log = Log.failed(41, 5).attempts(1, null);
    log.row.set("nextAttemptOn", Log.JSON.readTree(next));
    portal.add(log);

    assertThat(failures(DeliveryQuery.all())).isEmpty();
    assertThat(failures(DeliveryQuery.builder().includeProviderRetries().build()))
        .hasSize(1)
        .allMatch(FailedDelivery::providerIsRetrying);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"soon\"", "{}", "true"})
  void aLogThatWaitsForAnAttemptAtNoTimeThatCanBeReadIsNotGivenUp(String next) throws Exception {
    Log log = Log.queued(41, 5, 40).attempts(1, null);
    log.row.set("nextAttemptOn", Log.JSON.readTree(next));
    portal.add(log);

    assertThat(onlyLog().status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(failures(DeliveryQuery.all())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"\""})
  void noNextAttemptIsNone(String none) throws Exception {
    Log log = Log.failed(41, 5).attempts(1, null);
    log.row.set("nextAttemptOn", Log.JSON.readTree(none));
    portal.add(log);

    assertThat(failures(DeliveryQuery.all())).hasSize(1);
  }

  @Test
  void aNewerLogWithoutAnIdIsNoProofThatNothingWasSent() {
    RetryResult result = lost();
    Log nameless = Log.succeeded(90, 5);
    nameless.row.put("id", "none");
    portal.add(nameless);

    assertUnproven(result);
    portal.remove(90);
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
  }

  @Test
  void aNewerLogThatHidesItsEventIsNoProofThatNothingWasSent() {
    RetryResult result = lost();
    Log shapeless = Log.succeeded(90, 5);
    shapeless.payload.removeAll();
    portal.add(shapeless);

    assertUnproven(result);
  }

  @Test
  void aFailureWhoseStatusCannotBeReadIsCounted() {
    Log odd = Log.failed(41, 5);
    odd.row.put("status", "internal error");
    portal.add(odd, Log.failed(42, 6));

    var listing = client.failures(DeliveryQuery.all());

    assertThat(listing).extracting(d -> d.key().id()).containsExactly("42");
    assertThat(listing.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @Test
  void aNewerLogThatCannotBeReadPreventsARetryById() {
    Log nameless = Log.succeeded(90, 5);
    nameless.row.put("id", "none");
    portal.add(Log.failed(41, 5), nameless);
    portal.addSuccesses(50, 55);

    assertNotSentById();
    portal.remove(90);
    assertSentById();
  }

  @Test
  void aNewerLogThatHidesItsEventPreventsARetryById() {
    Log shapeless = Log.succeeded(90, 5);
    shapeless.payload.removeAll();
    portal.add(Log.failed(41, 5), shapeless);

    assertNotSentById();
    portal.remove(90);
    assertSentById();
  }

  @Test
  void aNewerAttemptWhoseStatusCannotBeReadPreventsARetryById() {
    Log odd = Log.failed(90, 5);
    odd.row.put("status", "internal error");
    portal.add(Log.failed(41, 5), odd);

    assertNotSentById();
    portal.remove(90);
    assertSentById();
  }

  @Test
  void unreadableLogsThatCannotBeANewerAttemptDoNotPreventARetryById() {
    Log onTheNextPage = Log.succeeded(1, 5);
    onTheNextPage.row.put("id", "none");
    Log older = Log.succeeded(35, 5);
    older.payload.removeAll();
    Log hasFailed = Log.failed(90, 5);
    hasFailed.payload.removeAll();
    Log another = Log.failed(91, 6);
    another.row.put("status", "internal error");
    portal.add(onTheNextPage, older, Log.failed(41, 5), hasFailed, another);
    portal.addSuccesses(2, 35);
    portal.addSuccesses(100, 180);

    assertSentById();
  }

  private RetryResult retryById() {
    portal.answerRetries(
        body -> StubPortal.ok("{\"response\":" + Log.queued(190, 5, 41).json() + "}"));
    return client.retry(FailedDelivery.of(client.key("41"), null));
  }

  private void assertNotSentById() {
    RetryResult result = retryById();
    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(result.reason()).contains("a newer log cannot be read");
    assertThat(portal.requests()).noneMatch(request -> request.startsWith("PUT"));
  }

  private void assertSentById() {
    assertThat(retryById().status()).isEqualTo(RetryResult.Status.ACCEPTED);
  }

  private RetryResult lost() {
    portal.add(Log.failed(41, 5));
    FailedDelivery delivery = portal.failed(client, 41).get(0);
    RetryResult result = RetryResult.unknown(delivery, "the connection was lost", time.now());
    time.advance(Duration.ofMinutes(2));
    return result;
  }

  private RetryOutcome outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0);
  }

  private void assertUnproven(RetryResult result) {
    RetryOutcome outcome = outcome(result);
    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("cannot be read");
    assertThat(outcome.mayBeSentAgain()).isFalse();
  }
}
