package dev.redrive.onlyoffice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryOutcome.Status;
import dev.redrive.RetryResult;
import dev.redrive.WebhookLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnlyOfficeOutcomesTest extends PortalTest {
  private FailedDelivery listed(Log log) {
    portal.add(log);
    return portal.failed(client, log.id).get(0);
  }

  private RetryResult accepted(FailedDelivery delivery, int newLog) {
    return RetryResult.accepted(delivery, Integer.toString(newLog), time.now());
  }

  private RetryResult unknown(FailedDelivery delivery) {
    return RetryResult.unknown(delivery, "the connection was lost", time.now());
  }

  private Status outcome(RetryResult result) {
    return client.outcomes(List.of(result)).get(0).status();
  }

  /** What a ledger keeps of a delivery. */
  private static FailedDelivery rebuilt(FailedDelivery delivery) {
    WebhookLog latest = delivery.latest();
    return FailedDelivery.of(
        WebhookLog.builder(latest.key(), DeliveryStatus.FAILED)
            .logId(latest.logId())
            .lineage(latest.lineage())
            .webhook(latest.webhookId(), null, latest.endpoint())
            .event(latest.eventId(), latest.eventType())
            .httpStatus(latest.httpStatus())
            .attemptNumber(latest.attemptNumber())
            .createdAt(latest.createdAt())
            .attemptedAt(latest.attemptedAt())
            .build());
  }

  private void settled() {
    time.advance(Duration.ofMinutes(2));
  }

  @Test
  void oneNewLogIsReadByItsId() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.succeeded(90, 5));

    RetryOutcome outcome = client.outcomes(List.of(accepted(delivery, 90))).get(0);

    assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
    assertThat(outcome.log().logId()).isEqualTo("90");
    assertThat(portal.requests())
        .containsExactly("GET /api/2.0/settings/webhooks/log?eventId=90&count=1");
  }

  @Test
  void theNewLogTellsTheOutcome() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(
        Log.failed(90, 5),
        Log.queued(91, 5, 41),
        Log.failed(92, 5).attempts(1, "2026-03-01T12:30:00Z"),
        Log.failed(93, 5).status(700, "?"));

    assertThat(outcome(accepted(delivery, 90))).isEqualTo(Status.FAILED_AGAIN);
    assertThat(outcome(accepted(delivery, 91))).isEqualTo(Status.PENDING);
    assertThat(outcome(accepted(delivery, 92))).isEqualTo(Status.PENDING);
    assertThat(outcome(accepted(delivery, 93))).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void manyNewLogsAreReadPageByPage() {
    List<RetryResult> results = new ArrayList<>();
    for (int i = 1; i <= 250; i++) {
      portal.add(Log.failed(i, i));
    }
    var deliveries = client.failures(dev.redrive.DeliveryQuery.all()).toList();
    for (FailedDelivery delivery : deliveries) {
      int id = Integer.parseInt(delivery.key().id());
      portal.add(Log.succeeded(1000 + id, id));
      results.add(accepted(delivery, 1000 + id));
    }
    portal.requests().clear();

    List<RetryOutcome> outcomes = client.outcomes(results);

    assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.DELIVERED);
    assertThat(outcomes)
        .allSatisfy(o -> assertThat(o.log().logId()).isEqualTo(o.result().newLogId()));
    assertThat(portal.requests()).hasSize(3);
  }

  @Test
  void whatALogBelowMayStillChangeIsHandedOverAtTheEnd() {
    RetryResult atTheTop = accepted(listed(Log.failed(41, 5)), 295);
    RetryResult lost = unknown(listed(Log.failed(42, 6)));
    RetryResult further = accepted(listed(Log.failed(43, 7)), 120);
    portal.add(Log.succeeded(295, 5), Log.failed(294, 6));
    portal.addSuccesses(151, 294);
    portal.add(Log.succeeded(150, 6));
    portal.addSuccesses(121, 150);
    portal.add(Log.failed(120, 7));
    var handOvers = new ArrayList<List<RetryOutcome>>();

    client.outcomes(List.of(lost, further, atTheTop), handOvers::add);

    assertThat(handOvers).hasSize(2);
    assertThat(handOvers.get(0)).extracting(RetryOutcome::result).containsExactly(atTheTop);
    assertThat(handOvers.get(1)).extracting(RetryOutcome::result).containsExactly(lost, further);
    assertThat(handOvers.get(1))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.FAILED_AGAIN);
  }

  @Test
  void aFailedLogThatWasReadByItsIdIsHandedOverOnceTheWalkComesDownToIt() {
    RetryResult failed = accepted(listed(Log.failed(41, 5)), 45);
    RetryResult lost = unknown(listed(Log.failed(44, 6)));
    portal.add(Log.failed(45, 5), Log.succeeded(60, 5));
    portal.addSuccesses(100, 1100);
    settled();
    var handOvers = new ArrayList<List<RetryOutcome>>();

    client.outcomes(List.of(failed, lost), handOvers::add);

    assertThat(portal.requests()).anyMatch(request -> request.contains("eventId=45"));
    assertThat(handOvers).hasSize(1);
    assertThat(handOvers.get(0))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.NOT_SENT);
  }

  @Test
  void newLogsFarDownAreReadOneByOne() {
    FailedDelivery first = listed(Log.failed(41, 5));
    FailedDelivery second = listed(Log.failed(42, 6));
    portal.add(Log.succeeded(90, 5), Log.failed(91, 6));
    portal.addSuccesses(100, 2100);

    List<RetryOutcome> outcomes =
        client.outcomes(List.of(accepted(first, 90), accepted(second, 91)));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.FAILED_AGAIN);
    assertThat(portal.requests()).hasSize(3);
  }

  @Test
  void whatDidNotGoOutCostsNoRequest() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(
                RetryResult.rejected(delivery, "skipped", time.now()),
                RetryResult.notSent(delivery, "no key", time.now())));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(Status.REJECTED, Status.NOT_SENT);
    assertThat(outcomes).extracting(RetryOutcome::reason).containsExactly("skipped", "no key");
    assertThat(portal.requests()).isEmpty();
  }

  @Test
  void aLostAnswerIsSettledByANewerLogOfTheSameEvent() {
    FailedDelivery delivery = rebuilt(listed(Log.failed(41, 5)));
    portal.add(Log.succeeded(90, 5), Log.succeeded(91, 6));

    RetryOutcome outcome = client.outcomes(List.of(unknown(delivery))).get(0);

    assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
    assertThat(outcome.log().logId()).isEqualTo("90");
    assertThat(portal.requests()).hasSize(1);
    assertThat(portal.requests().get(0)).contains("configId=7").doesNotContain("groupStatus");
  }

  @Test
  void aQueuedCopyIsEvidenceToo() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.queued(90, 5, 41));
    settled();

    assertThat(outcome(unknown(delivery))).isEqualTo(Status.PENDING);
  }

  @Test
  void withoutANewerLogItIsTooEarlyToTellAndLaterItWasNotSent() {
    FailedDelivery delivery = rebuilt(listed(Log.failed(41, 5)));
    portal.add(Log.failed(40, 5), Log.succeeded(90, 6));
    RetryResult result = unknown(delivery);

    assertThat(outcome(result)).isEqualTo(Status.PENDING);
    settled();
    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void theWalkForEvidenceGoesDownToTheLogItself() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.addSuccesses(100, 1100);
    RetryResult result = unknown(delivery);
    settled();

    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);

    portal.requests().clear();
    portal.add(Log.succeeded(60, 5));
    assertThat(outcome(result)).isEqualTo(Status.DELIVERED);
  }

  @Test
  void aLogThatDoesNotNameItsEventStaysUnknown() {
    FailedDelivery delivery = listed(Log.failed(41, 5).withoutShape());
    portal.add(Log.succeeded(90, 5).withoutShape());
    RetryResult result = unknown(delivery);

    assertThat(outcome(result)).isEqualTo(Status.PENDING);
    settled();
    assertThat(outcome(result)).isEqualTo(Status.UNKNOWN);
  }

  @Test
  void aResetLogIsEvidenceAtABuildThatResetsThem() {
    FailedDelivery delivery = rebuilt(listed(Log.failed(41, 5).attempts(7, null)));
    RetryResult result = unknown(delivery);
    settled();

    portal.log(41).attempts(0, "2026-03-01T12:00:00Z");
    assertThat(outcome(result)).isEqualTo(Status.PENDING);
    portal.log(41).attempts(1, null);
    assertThat(outcome(result)).isEqualTo(Status.FAILED_AGAIN);
    portal.log(41).status(200, "ok");
    assertThat(outcome(result)).isEqualTo(Status.DELIVERED);
    portal.log(41).attempts(7, null).status(500, "as it was");
    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void aResetLogFarDownIsReadByItsIdBeforeTheWholeListIs() {
    FailedDelivery delivery = listed(Log.failed(41, 5).attempts(7, null));
    portal.addSuccesses(100, 5100);
    portal.log(41).attempts(1, null).status(200, "ok");
    RetryResult result = unknown(delivery);
    settled();

    assertThat(outcome(result)).isEqualTo(Status.DELIVERED);
    assertThat(portal.requests()).hasSize(2);
  }

  @Test
  void aTimeThatWasReadWithoutThePortalsZoneIsNoChange() {
    WebhookLog latest = listed(Log.failed(41, 5)).latest();
    FailedDelivery shifted =
        FailedDelivery.of(
            WebhookLog.builder(latest.key(), DeliveryStatus.FAILED)
                .lineage(latest.lineage())
                .httpStatus(500)
                .createdAt(latest.createdAt().minus(Duration.ofHours(3)))
                .build());
    RetryResult result = unknown(shifted);
    settled();

    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void aTimeThatALedgerRoundedIsNoChange() {
    Log log = Log.failed(41, 5);
    log.row.put("creationTime", "2026-03-01T10:00:00.1234567Z");
    WebhookLog latest = listed(log).latest();
    FailedDelivery rounded =
        FailedDelivery.of(
            WebhookLog.builder(latest.key(), DeliveryStatus.FAILED)
                .lineage(latest.lineage())
                .httpStatus(500)
                .createdAt(latest.createdAt().truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
                .build());
    RetryResult result = unknown(rounded);
    settled();

    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void oneNewLogThatFailedIsEvidenceForOneResultOnly() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.failed(90, 5));
    List<RetryResult> twice = List.of(unknown(delivery), unknown(delivery));
    settled();

    assertThat(client.outcomes(twice))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.FAILED_AGAIN, Status.NOT_SENT);
  }

  @Test
  void aLogThatThePortalNamedForOneRetryIsNoEvidenceForAnother() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.failed(90, 5));
    List<RetryResult> both = List.of(unknown(delivery), accepted(delivery, 90));
    settled();

    assertThat(client.outcomes(both))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.NOT_SENT, Status.FAILED_AGAIN);
  }

  @Test
  void aNewLogBelongsToTheNewestRetryBelowIt() {
    FailedDelivery older = listed(Log.failed(41, 5));
    FailedDelivery newer = listed(Log.failed(50, 5));
    portal.add(Log.failed(60, 5));
    RetryResult first = unknown(older);
    RetryResult second = unknown(newer);
    settled();

    for (List<RetryResult> results : List.of(List.of(first, second), List.of(second, first))) {
      List<RetryOutcome> outcomes = client.outcomes(results);

      assertThat(outcomes).extracting(RetryOutcome::status).containsOnly(Status.FAILED_AGAIN);
      assertThat(outcomes)
          .allSatisfy(
              each ->
                  assertThat(each.log().logId())
                      .isEqualTo(each.key().id().equals("41") ? "50" : "60"));
    }
  }

  @Test
  void onceTheEventIsDeliveredNoRetryOfItIsLeftToBeSentAgain() {
    FailedDelivery older = listed(Log.failed(41, 5));
    FailedDelivery newer = listed(Log.failed(50, 5));
    portal.add(Log.succeeded(60, 5));
    List<RetryResult> results =
        List.of(unknown(older), unknown(newer), unknown(newer), accepted(older, 50));
    settled();

    assertThat(client.outcomes(results))
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(Status.DELIVERED);
              assertThat(outcome.log().logId()).isEqualTo("60");
            });
    assertThat(client.outcomes(List.of(accepted(older, 60), unknown(newer))))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void aDeliveryBelowANewerAttemptStillCounts() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.succeeded(60, 5), Log.failed(70, 5));
    RetryResult result = unknown(delivery);
    RetryResult other = unknown(listed(Log.failed(42, 6)));
    settled();

    assertThat(client.outcomes(List.of(result, other)))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.NOT_SENT);
  }

  @Test
  void aDeliveryBeforeTheRetriedLogIsNoEvidence() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.succeeded(40, 5));
    RetryResult result = unknown(delivery);
    settled();

    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void aResetOfTheLogIsEvidenceForOneResultOnlyUnlessItWasDelivered() {
    FailedDelivery delivery = listed(Log.failed(41, 5).attempts(7, null));
    List<RetryResult> both = List.of(unknown(delivery), unknown(delivery));
    List<RetryResult> named = List.of(accepted(delivery, 41), unknown(delivery));
    settled();

    portal.log(41).attempts(1, null);
    assertThat(client.outcomes(both))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.FAILED_AGAIN, Status.UNKNOWN);
    assertThat(client.outcomes(named))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.FAILED_AGAIN, Status.UNKNOWN);
    portal.log(41).status(200, "ok");
    assertThat(client.outcomes(both))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
    assertThat(client.outcomes(named))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.DELIVERED);
  }

  @Test
  void aLogThatAnsweredOtherwiseIsEvidenceToo() {
    FailedDelivery delivery = listed(Log.failed(41, 5).attempts(7, null));
    RetryResult result = unknown(delivery);
    settled();

    portal.log(41).status(404, "as before, but for the status");
    assertThat(outcome(result)).isEqualTo(Status.FAILED_AGAIN);
    portal.log(41).status(500, "the portal has scheduled it").attempts(7, "2026-03-01T12:30:00Z");
    assertThat(outcome(result)).isEqualTo(Status.PENDING);
  }

  @Test
  void whereTheLogIsGoneAbsenceProvesNothing() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    FailedDelivery other = listed(Log.failed(42, 6));
    portal.remove(41);
    List<RetryResult> results = List.of(unknown(delivery), accepted(other, 90));

    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.PENDING);
    settled();
    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.UNKNOWN);
    assertThat(client.outcomes(results).get(0).reason()).contains("410");
  }

  @Test
  void timeThatPassesDuringTheSearchMakesNoEvidence() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    RetryResult result = unknown(delivery);
    portal.onRequest(this::settled);

    assertThat(outcome(result)).isEqualTo(Status.PENDING);
    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void logsThatAreGoneDoNotHaveTheWholeListRead() {
    FailedDelivery first = listed(Log.failed(4001, 1));
    FailedDelivery second = listed(Log.failed(4002, 2));
    portal.addSuccesses(100, 2100);
    List<RetryResult> results = List.of(accepted(first, 5001), accepted(second, 5002));
    settled();

    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsOnly(Status.UNKNOWN);
    assertThat(portal.requests()).hasSize(1);
  }

  @Test
  void resultsOfDifferentWebhooksAreLookedUpInOneWalk() {
    FailedDelivery first = listed(Log.failed(41, 5));
    FailedDelivery second = listed(Log.failed(42, 6).webhook(8));
    portal.add(Log.succeeded(90, 5), Log.failed(91, 6).webhook(8));

    assertThat(client.outcomes(List.of(unknown(first), unknown(second))))
        .extracting(RetryOutcome::status)
        .containsExactly(Status.DELIVERED, Status.FAILED_AGAIN);
    assertThat(portal.requests()).hasSize(1);
    assertThat(portal.requests().get(0)).doesNotContain("configId");
  }

  @Test
  void anEventAtAnotherWebhookIsNoEvidence() {
    FailedDelivery delivery = listed(Log.failed(41, 5));
    portal.add(Log.succeeded(90, 5).webhook(8));
    RetryResult result = unknown(delivery);
    settled();

    assertThat(outcome(result)).isEqualTo(Status.NOT_SENT);
  }

  @Test
  void aResultOfAnotherAccountStaysUnknownWithoutARequest() {
    FailedDelivery delivery =
        FailedDelivery.of(
            WebhookLog.builder(
                    new dev.redrive.DeliveryKey("onlyoffice", "elsewhere", "41"),
                    DeliveryStatus.FAILED)
                .build());

    assertThat(outcome(unknown(delivery))).isEqualTo(Status.UNKNOWN);
    assertThat(portal.requests()).isEmpty();
  }
}
