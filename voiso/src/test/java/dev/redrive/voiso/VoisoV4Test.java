package dev.redrive.voiso;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VoisoV4Test {
  private static final String FAILURES = "GET /api/v4/tasks/webhook_failures";
  private static final String RETRIGGER = "POST /api/v4/tasks/webhook_failures/";
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v4();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void a_failure_tells_what_the_record_tells() {
    stub.withFailures(1);

    FailedDelivery delivery = only(failures(DeliveryQuery.all()));

    WebhookLog log = delivery.latest();
    assertThat(delivery.key()).isEqualTo(new DeliveryKey("voiso", "acc", "0001"));
    assertThat(delivery.cause()).isEqualTo(FailureCause.NO_RESPONSE);
    assertThat(log.eventType()).isEqualTo("call.ended");
    assertThat(log.webhookId()).isEqualTo("0b97ce11-b6e0-49b4-8f92-68040aa324bf");
    assertThat(log.webhookName()).isEqualTo("CRM call events");
    assertThat(log.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(log.providerStatus()).isEqualTo("inactive");
    assertThat(log.error()).isEqualTo("Connection timeout");
    assertThat(log.createdAt()).isEqualTo(StubVoiso.CREATED);
    assertThat(log.attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED);
    assertThat(log.lineage()).isEqualTo("failure/0001");
    assertThat(log.json().text()).startsWith("{\"id\": \"0001\"").endsWith("}");
    assertThat(stub.lastRequest().getHeaders().get("Authorization")).isEqualTo("Bearer k3y");
  }

  @Test
  void ids_may_be_numbers_and_fields_may_be_odd_or_missing() {
    stub.next(
        200,
        """
        {"webhook_failures": [
          {"id": 17, "event": {"name": "x"}, "status": "inactive", "webhook": {"id": 5}},
          {"id": "a/b c", "status": "inactive", "webhook": "w", "last_attempt_at": "yesterday",
           "updated_at": "2026-03-15T10:32:14Z"}]}
        """);

    List<FailedDelivery> failures = failures(DeliveryQuery.all());

    assertThat(failures).extracting(each -> each.key().id()).containsExactly("17", "a/b c");
    assertThat(failures.get(0).latest().webhookId()).isEqualTo("5");
    assertThat(failures.get(0).latest().eventType()).isNull();
    assertThat(failures.get(1).latest().webhookId()).isNull();
    assertThat(failures.get(1).latest().attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED);
  }

  @ParameterizedTest
  @CsvSource({"'[{\"id\": null}]'", "'[null]'", "'[{\"event\": \"x\"}]'", "'[7]'"})
  void a_row_without_id_is_left_out_and_counted(String rows) {
    stub.next(200, "{\"webhook_failures\": " + rows + "}");
    Listing<FailedDelivery> failures = client.failures(DeliveryQuery.all());

    assertThat(failures).isEmpty();
    assertThat(failures.leftOut()).isEqualTo(new Listing.LeftOut(0, 1));
  }

  @ParameterizedTest
  @CsvSource({"'null'", "'{}'", "'7'"})
  void an_answer_without_rows_fails_the_listing(String rows) {
    stub.next(200, "{\"webhook_failures\": " + rows + "}");

    assertThatThrownBy(() -> failures(DeliveryQuery.all()))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("Voiso: list failures failed");
  }

  @Test
  void times_are_filtered_by_voiso_and_the_rest_here() {
    stub.withFailures(10);
    stub.row("0003").event = "sms.received";
    stub.row("0004").event = "sms.received";
    stub.row("0004").webhook = "11111111-b6e0-49b4-8f92-68040aa324bf";
    stub.row("0005").reason = "HTTP 503";

    DeliveryQuery query =
        DeliveryQuery.builder()
            .since(StubVoiso.CREATED.minusSeconds(7))
            .until(StubVoiso.CREATED)
            .build();

    assertThat(ids(query)).containsExactly("0002", "0003", "0004", "0005", "0006", "0007", "0008");
    assertThat(stub.requests())
        .containsExactly(
            FAILURES
                + "?created_at[gte]=2026-03-15T09:59:53Z&created_at[lt]=2026-03-15T10:00:00Z"
                + "&offset=0&limit=100");
    assertThat(ids(query.toBuilder().eventTypes("sms.received").build()))
        .containsExactly("0003", "0004");
    assertThat(ids(query.toBuilder().causes(FailureCause.SERVER_ERROR).build()))
        .containsExactly("0005");
    assertThat(ids(query.toBuilder().webhookId("11111111-b6e0-49b4-8f92-68040aa324bf").build()))
        .containsExactly("0004");
    assertThat(ids(query.toBuilder().limit(2).build())).containsExactly("0002", "0003");
  }

  @Test
  void the_clients_webhook_is_listed_where_the_query_names_none() {
    stub.withFailures(3);
    stub.row("0002").webhook = "11111111-b6e0-49b4-8f92-68040aa324bf";
    try (var one = stub.builder().webhookId("11111111-b6e0-49b4-8f92-68040aa324bf").build()) {
      assertThat(one.failures(DeliveryQuery.all()).stream().map(each -> each.key().id()))
          .containsExactly("0002");
    }
  }

  @Test
  void what_is_under_way_or_delivered_is_left_out_and_an_unknown_status_is_not() {
    stub.withFailures(6);
    stub.row("0001").status = "pending";
    stub.row("0002").status = "active";
    stub.row("0003").status = "delivered";
    stub.row("0004").status = "quarantined";

    List<FailedDelivery> failures = failures(DeliveryQuery.all());

    assertThat(failures)
        .extracting(each -> each.key().id())
        .containsExactly("0004", "0005", "0006");
    assertThat(failures.get(0).latest().status()).isEqualTo(DeliveryStatus.UNKNOWN);
    assertThat(failures.get(0).latest().providerStatus()).isEqualTo("quarantined");
  }

  @Test
  void a_limit_within_the_first_page_costs_one_request() {
    stub.withFailures(500);

    assertThat(ids(DeliveryQuery.builder().limit(100).build())).hasSize(100);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void listing_and_retrying_as_one_goes_neither_skips_nor_doubles() {
    try (var fake = FakeVoiso.start();
        var client = VoisoClient.builder().baseUrl(fake.baseUrl()).apiKey(fake.apiKey()).build()) {
      List<String> ids = fake.failures(500);
      var retried = new ArrayList<String>();

      for (FailedDelivery delivery : client.failures(DeliveryQuery.all())) {
        assertThat(client.retry(delivery).status()).isEqualTo(RetryResult.Status.ACCEPTED);
        retried.add(delivery.key().id());
      }

      assertThat(retried).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(fake.requestCount(Operation.RETRY)).isEqualTo(500);
      assertThat(fake.requestCount(Operation.LIST)).isLessThanOrEqualTo(20);
      assertThat(fake.endpoint().deliveredMoreThanOnce()).isEmpty();
    }
  }

  @Test
  void webhooks_are_listed() {
    stub.next(
        200,
        """
        {"webhooks": [{"id": "w1", "name": "CRM", "url": "https://example.com/hook?token=t",
          "headers": {"X-Secret": "s"}, "events": ["call.ended", null]}, {"id": "w2"}],
         "metadata": {"total": 2}}
        """);

    assertThat(client.webhooks())
        .containsExactly(
            new Webhook(
                "w1", "CRM", "https://example.com/hook?token=t", null, null, Set.of("call.ended")),
            new Webhook("w2", null, null, null, null, Set.of()));
    assertThat(stub.requests()).containsExactly("GET /api/v4/tasks/webhooks?offset=0&limit=100");
  }

  @Test
  void logs_are_not_supported() {
    assertThat(client.traits().can(Capability.LOGS)).isFalse();
    assertThatThrownBy(() -> client.logs(DeliveryQuery.all()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("Voiso")
        .hasMessageContaining("logs");
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void a_retrigger_is_one_post_with_an_encoded_id_and_no_body() {
    RetryResult result = client.retry(failed("a/b c"));

    assertThat(stub.requests()).containsExactly(RETRIGGER + "a%2Fb%20c/retrigger");
    assertThat(stub.lastRequest().getBodySize()).isZero();
    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("HTTP 404").contains("Not found");
  }

  @Test
  void a_failure_that_is_under_way_is_rejected() {
    stub.withFailures(1);
    stub.row("0001").status = "pending";

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason())
        .contains("409")
        .contains("status is not inactive")
        .contains("cannot be retriggered in its current state");
    assertThat(result.error()).isInstanceOf(InvalidRequestException.class);
    assertThat(stub.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"200,{}", "200,[]", "200,<html>", "500,{}", "408,{}"})
  void an_answer_that_tells_nothing_is_unknown_and_is_not_sent_again(int status, String body) {
    stub.next(status, body);

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void a_refused_key_stops_the_rest() {
    stub.withFailures(50);
    for (int i = 0; i < 8; i++) {
      stub.next(401, "{\"error\": \"Unauthorized\"}");
    }

    List<RetryResult> results = client.retryAll(failures50());

    assertThat(results)
        .hasSize(50)
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryResult.Status.NOT_SENT));
    assertThat(results.get(0).error()).isInstanceOf(AuthenticationException.class);
    assertThat(stub.count(RETRIGGER)).isLessThanOrEqualTo(8);
  }

  @Test
  void deliveries_of_others_and_impossible_ids_are_rejected_and_doubles_sent_once() {
    stub.withFailures(2);
    FailedDelivery good = failed("0001");
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("voiso", "other", "0002"), DeliveryStatus.FAILED)
                .build());

    List<RetryResult> results =
        client.retryAll(List.of(foreign, good, failed(".."), good, failed(" ")));

    assertThat(results)
        .extracting(RetryResult::status)
        .containsExactly(
            RetryResult.Status.REJECTED,
            RetryResult.Status.ACCEPTED,
            RetryResult.Status.REJECTED,
            RetryResult.Status.ACCEPTED,
            RetryResult.Status.REJECTED);
    assertThat(results.get(0).reason()).contains("voiso at other");
    assertThat(stub.requests()).containsExactly(RETRIGGER + "0001/retrigger");
  }

  @Test
  void a_retrigger_under_way_is_pending_then_failed_again_with_a_newer_attempt() {
    stub.withFailures(1);
    stub.onRetrigger = row -> {};
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.row("0001").failAgain();
    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome.log().attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED.plusSeconds(60));
  }

  @Test
  void a_record_that_is_gone_is_pending_until_settled_and_then_delivered() {
    stub.withFailures(1);
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    stub.rows.clear();

    assertThat(outcome(accepted(delivery)).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome(unknown(delivery)).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(accepted(delivery)).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
    assertThat(outcome(unknown(delivery)).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
  }

  @Test
  void a_record_that_is_hidden_while_it_is_under_way_is_pending_and_then_what_it_became() {
    stub.withFailures(2);
    List<RetryResult> results = client.retryAll(failures(DeliveryQuery.all()));

    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.PENDING));
    StubVoiso.Row back = new StubVoiso.Row("0002", StubVoiso.CREATED);
    back.failAgain();
    stub.rows.add(back);
    stub.time.advance(SETTLED);

    assertThat(client.outcomes(results))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void a_record_that_may_be_gone_for_its_age_settles_no_lost_answer() {
    stub.withFailures(1);
    stub.row("0001").created = StubVoiso.NOW.minus(Duration.ofDays(31));
    FailedDelivery old = only(failures(DeliveryQuery.all()));
    stub.rows.clear();
    stub.time.advance(SETTLED);

    RetryOutcome outcome = outcome(unknown(old));

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("too old");
    assertThat(outcome(unknown(failed("0001"))).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome(accepted(old)).status()).isEqualTo(RetryOutcome.Status.DELIVERED);
  }

  @Test
  void time_that_passes_during_the_reading_makes_no_evidence() {
    stub.withFailures(250);
    List<RetryResult> lost =
        failures(DeliveryQuery.all()).stream().map(this::unknown).toList().subList(0, 150);
    stub.beforeList = () -> stub.time.advance(SETTLED);

    assertThat(client.outcomes(lost))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.PENDING));
    assertThat(client.outcomes(lost))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.NOT_SENT));
  }

  @Test
  void a_404_that_is_not_the_apis_own_is_no_evidence() {
    stub.next(404, "<html>no such page</html>");

    assertThatThrownBy(() -> outcome(accepted(failed("0001"))))
        .isInstanceOf(MalformedResponseException.class)
        .hasMessageContaining("404");
  }

  @Test
  void a_lost_answer_is_settled_by_the_record() {
    stub.withFailures(1);
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    RetryResult result = unknown(delivery);

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
    stub.row("0001").failAgain();
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void an_accepted_retrigger_without_a_newer_attempt_is_never_taken_for_an_outcome() {
    stub.withFailures(1);
    RetryResult result = accepted(only(failures(DeliveryQuery.all())));

    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @Test
  void a_result_whose_attempt_time_is_not_known_is_judged_by_its_state_once_settled() {
    stub.withFailures(1);
    RetryResult accepted = accepted(failed("0001"));
    RetryResult unknown = unknown(failed("0001"));

    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource({"delivered,DELIVERED", "success,DELIVERED", "active,PENDING", "weird,UNKNOWN"})
  void a_status_other_than_inactive_tells_the_outcome(String status, RetryOutcome.Status expected) {
    stub.withFailures(1);
    stub.row("0001").status = status;

    RetryOutcome outcome = outcome(accepted(failed("0001")));

    assertThat(outcome.status()).isEqualTo(expected);
    assertThat(outcome.log().providerStatus()).isEqualTo(status);
  }

  @Test
  void results_that_never_went_out_or_are_of_others_cost_no_request() {
    FailedDelivery foreign =
        FailedDelivery.of(
            WebhookLog.builder(new DeliveryKey("baanx", "acc", "0001"), DeliveryStatus.FAILED)
                .build());

    List<RetryOutcome> outcomes =
        client.outcomes(
            List.of(
                RetryResult.rejected(failed("0001"), "no", StubVoiso.NOW),
                RetryResult.notSent(failed("0002"), "later", StubVoiso.NOW),
                accepted(foreign)));

    assertThat(outcomes)
        .extracting(RetryOutcome::status)
        .containsExactly(
            RetryOutcome.Status.REJECTED,
            RetryOutcome.Status.NOT_SENT,
            RetryOutcome.Status.UNKNOWN);
    assertThat(outcomes).extracting(RetryOutcome::reason).startsWith("no", "later");
    assertThat(stub.requests()).isEmpty();
  }

  @Test
  void outcomes_of_many_that_failed_again_are_read_from_the_list() {
    stub.withFailures(250);
    List<RetryResult> results = failures(DeliveryQuery.all()).stream().map(this::accepted).toList();
    stub.rows.forEach(StubVoiso.Row::failAgain);
    stub.forget();

    List<RetryOutcome> outcomes = client.outcomes(results);

    assertThat(outcomes)
        .hasSize(250)
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN));
    assertThat(outcomes).extracting(RetryOutcome::result).isEqualTo(results);
    assertThat(stub.requests()).hasSize(3);
  }

  @Test
  void outcomes_of_many_that_were_delivered_cost_one_request_more_than_there_are() {
    stub.withFailures(30);
    List<RetryResult> results = client.retryAll(failures(DeliveryQuery.all()));
    stub.time.advance(SETTLED);
    stub.forget();

    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.DELIVERED));
    assertThat(stub.requests()).hasSize(31);
  }

  @Test
  void a_page_of_others_failures_ends_the_reading_of_the_list() {
    stub.withFailures(450);
    List<FailedDelivery> oldest = failures(DeliveryQuery.all()).subList(400, 440);
    stub.time.advance(SETTLED);
    stub.forget();

    client.outcomes(oldest.stream().map(each -> accepted(withoutTimes(each))).toList());

    assertThat(stub.count(FAILURES + "?")).isEqualTo(1);
    assertThat(stub.requests()).hasSize(41);
  }

  @Test
  void the_list_is_asked_only_for_the_time_of_the_results() {
    stub.withFailures(450);
    List<FailedDelivery> oldest = failures(DeliveryQuery.all()).subList(400, 440);
    stub.forget();

    client.outcomes(oldest.stream().map(this::accepted).toList());

    assertThat(stub.requests()).hasSize(1);
  }

  private List<FailedDelivery> failures50() {
    return stub.rows.stream().map(row -> failed(row.id)).toList();
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private List<String> ids(DeliveryQuery query) {
    return failures(query).stream().map(each -> each.key().id()).toList();
  }

  private RetryOutcome outcome(RetryResult result) {
    return only(client.outcomes(List.of(result)));
  }

  private RetryResult accepted(FailedDelivery delivery) {
    return RetryResult.accepted(delivery, null, StubVoiso.NOW);
  }

  private RetryResult unknown(FailedDelivery delivery) {
    return RetryResult.unknown(delivery, "lost", StubVoiso.NOW);
  }

  private static FailedDelivery withoutTimes(FailedDelivery delivery) {
    return failed(delivery.key().id());
  }

  /** As the ledger may rebuild it: no times. */
  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }
}
