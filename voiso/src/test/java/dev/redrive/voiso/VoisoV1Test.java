package dev.redrive.voiso;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.AuthenticationException;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryQuery;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.InvalidRequestException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.WebhookLog;
import dev.redrive.testkit.FakeVoiso;
import dev.redrive.testkit.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoisoV1Test {
  private static final String FAILURES = "GET /api/webhooks/v1/failures";
  private static final String RETRIGGER = "POST /api/webhooks/v1/failures/";
  private static final String OLDEST = "2026-02-12T18:00:00Z";
  private static final Duration SETTLED = Duration.ofMinutes(2);

  private final StubVoiso stub = new StubVoiso();
  private final VoisoClient client = stub.v1();

  @AfterEach
  void close() {
    client.close();
    stub.close();
  }

  @Test
  void a_row_of_id_and_event_alone_is_a_failure_of_unknown_cause() {
    stub.withFailures(1).v1TellsTimes = false;

    FailedDelivery delivery = only(failures(DeliveryQuery.all()));

    assertThat(delivery.key()).isEqualTo(new DeliveryKey("voiso", "acc", "0001"));
    assertThat(delivery.cause()).isEqualTo(FailureCause.UNKNOWN);
    assertThat(delivery.latest().eventType()).isEqualTo("call.ended");
    assertThat(delivery.latest().status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(delivery.latest().createdAt()).isNull();
    assertThat(stub.requests())
        .containsExactly(
            FAILURES + "?start_date=" + OLDEST + "&page=1&per_page=50",
            FAILURES + "?start_date=" + OLDEST + "&page=2&per_page=50",
            FAILURES + "?start_date=" + OLDEST + "&page=1&per_page=50");
    assertThat(stub.lastRequest().getHeaders().get("Authorization")).isEqualTo("Bearer k3y");
  }

  @Test
  void the_start_is_never_further_back_than_the_31_days_that_may_be_asked_for() {
    Instant recent = StubVoiso.CREATED.minusSeconds(60);

    failures(DeliveryQuery.since(Instant.parse("2025-01-01T00:00:00Z")));
    failures(DeliveryQuery.builder().since(recent).until(StubVoiso.CREATED).build());
    failures(DeliveryQuery.builder().until(Instant.parse("2026-01-01T00:00:00Z")).build());

    assertThat(stub.requests())
        .containsExactly(
            FAILURES + "?start_date=" + OLDEST + "&page=1&per_page=50",
            FAILURES
                + "?start_date=2026-03-15T09:59:00Z&end_date=2026-03-15T10:00:00Z"
                + "&page=1&per_page=50");
  }

  @Test
  void a_list_of_many_pages_is_read_forwards_and_backwards() {
    stub.withFailures(120);

    assertThat(failures(DeliveryQuery.all())).hasSize(120);
    assertThat(stub.requests())
        .extracting(request -> request.replaceAll(".*&page=(\\d+)&.*", "$1"))
        .containsExactly("1", "2", "3", "4", "3", "2", "1");
  }

  @Test
  void listing_and_retrying_as_one_goes_neither_skips_nor_doubles() {
    try (var fake = FakeVoiso.start();
        var client =
            VoisoClient.builder()
                .apiVersion(VoisoClient.ApiVersion.V1)
                .baseUrl(fake.baseUrl())
                .apiKey(fake.contactCentreKey())
                .build()) {
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
  void a_limit_ends_the_reading() {
    stub.withFailures(120);

    assertThat(failures(DeliveryQuery.builder().limit(50).build())).hasSize(50);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void what_v1_does_not_tell_is_refused_by_name() {
    assertThatThrownBy(client::webhooks).isInstanceOf(UnsupportedCapabilityException.class);
    assertThatThrownBy(() -> client.logs(DeliveryQuery.all()))
        .isInstanceOf(UnsupportedCapabilityException.class);
    assertThatThrownBy(() -> client.failures(DeliveryQuery.builder().webhookId("w").build()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("listing by webhook");
    assertThatThrownBy(
            () -> client.failures(DeliveryQuery.builder().causes(FailureCause.GONE).build()))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("cause");
    assertThat(stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 404, 422})
  void an_invalid_key_is_told_by_its_text_whatever_the_status(int status) {
    stub.next(status, "{\"error\": \"Invalid API key\"}");
    assertThatThrownBy(() -> failures(DeliveryQuery.all()))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("Invalid API key");

    stub.next(status, "{\"error\": \"Invalid API key\"}");
    RetryResult result = client.retry(failed("0001"));
    assertThat(result.status()).isEqualTo(RetryResult.Status.NOT_SENT);
    assertThat(result.error()).isInstanceOf(AuthenticationException.class);
    assertThat(stub.requests()).hasSize(2);
  }

  @Test
  void another_error_in_a_200_fails_the_listing() {
    stub.next(200, "{\"error\": \"start_date is too old\"}");

    assertThatThrownBy(() -> failures(DeliveryQuery.all()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("start_date is too old");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 422})
  void a_failure_that_is_not_inactive_is_rejected_whatever_the_status(int status) {
    stub.next(status, "{\"error\": \"No failed webhook found with ID 0001\"}");

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.REJECTED);
    assertThat(result.reason()).contains("No failed webhook found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"status\": \"queued?\"}", "{\"error\": \"oops\"}", "OK"})
  void any_other_answer_to_a_retrigger_is_unknown(String body) {
    stub.next(200, body);

    assertThat(client.retry(failed("0001")).status()).isEqualTo(RetryResult.Status.UNKNOWN);
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void a_retrigger_is_one_post_of_json_without_body() {
    stub.withFailures(1);

    RetryResult result = client.retry(failed("0001"));

    assertThat(result.status()).isEqualTo(RetryResult.Status.ACCEPTED);
    assertThat(stub.requests()).containsExactly(RETRIGGER + "0001/retrigger");
    assertThat(stub.lastRequest().getHeaders().get("Content-Type")).startsWith("application/json");
    assertThat(stub.lastRequest().getBodySize()).isZero();
  }

  @Test
  void an_absent_failure_is_pending_until_settled_and_then_delivered() {
    stub.withFailures(120);
    List<FailedDelivery> all = failures(DeliveryQuery.all());
    List<RetryResult> results = client.retryAll(all.subList(0, 10));
    stub.forget();

    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.PENDING));
    assertThat(stub.requests()).hasSize(4);

    stub.time.advance(SETTLED);
    stub.forget();
    assertThat(client.outcomes(results))
        .allSatisfy(each -> assertThat(each.status()).isEqualTo(RetryOutcome.Status.DELIVERED));
    assertThat(stub.requests()).hasSize(7);
  }

  @Test
  void once_settled_each_outcome_is_what_the_endpoint_saw() {
    try (var fake = FakeVoiso.builder().clock(Clock.fixed(StubVoiso.NOW, UTC)).start();
        var client =
            VoisoClient.builder()
                .apiVersion(VoisoClient.ApiVersion.V1)
                .baseUrl(fake.baseUrl())
                .apiKey(fake.contactCentreKey())
                .timeSource(stub.time)
                .build()) {
      fake.failures(120);
      List<FailedDelivery> failed = client.failures(DeliveryQuery.all()).toList();
      failed.stream()
          .filter(each -> each.key().id().hashCode() % 3 == 0)
          .forEach(each -> fake.endpoint().answer(each.key().id(), 500));
      List<RetryResult> results = client.retryAll(failed.subList(0, 60));
      stub.time.advance(SETTLED);

      List<RetryOutcome> outcomes = client.outcomes(results);

      assertThat(outcomes).extracting(RetryOutcome::result).isEqualTo(results);
      assertThat(outcomes)
          .allSatisfy(
              each ->
                  assertThat(each.status())
                      .isEqualTo(
                          fake.endpoint().delivered(each.key().id()) == 1
                              ? RetryOutcome.Status.DELIVERED
                              : RetryOutcome.Status.FAILED_AGAIN));
      assertThat(outcomes)
          .extracting(RetryOutcome::status)
          .contains(RetryOutcome.Status.DELIVERED, RetryOutcome.Status.FAILED_AGAIN);
    }
  }

  @Test
  void an_id_that_is_a_uuid_is_sought_in_lower_case_and_any_other_as_it_is() {
    String uuid = "0b97ce11-b6e0-49b4-8f92-68040aa324bf";

    assertThat(question(uuid.toUpperCase(Locale.ROOT)).id()).isEqualTo(uuid);
    assertThat(question("AABBCC").id()).isEqualTo("AABBCC");
  }

  private static Question question(String id) {
    var key = new DeliveryKey("voiso", "acc", id);
    FailedDelivery delivery =
        FailedDelivery.of(WebhookLog.builder(key, DeliveryStatus.FAILED).build());
    return new Question(RetryResult.accepted(delivery, null, StubVoiso.NOW), true);
  }

  @Test
  void absence_from_a_list_that_moves_is_no_evidence() {
    stub.withFailures(120);
    FailedDelivery first = failures(DeliveryQuery.all()).get(0);
    RetryResult result = client.retry(first);
    stub.time.advance(SETTLED);
    stub.forget();
    int[] names = {0x1000};
    stub.beforeList =
        () -> {
          stub.rows.remove(0);
          stub.rows.add(
              new StubVoiso.Row(
                  Integer.toHexString(names[0]++), StubVoiso.CREATED.minusSeconds(names[0])));
        };

    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome.reason()).contains("moved");
    assertThat(stub.requests()).hasSizeBetween(20, 31);
  }

  @Test
  void a_failure_that_came_back_has_failed_again() {
    stub.withFailures(1);
    stub.onRetrigger = StubVoiso.Row::failAgain;
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));

    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome.log().attemptedAt()).isEqualTo(StubVoiso.ATTEMPTED.plusSeconds(60));
  }

  @Test
  void a_failure_still_listed_without_times_is_judged_once_settled() {
    stub.withFailures(1).v1TellsTimes = false;
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    RetryResult accepted = RetryResult.accepted(delivery, null, StubVoiso.NOW);
    RetryResult unknown = RetryResult.unknown(delivery, "lost", StubVoiso.NOW);

    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.PENDING);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.PENDING);
    stub.time.advance(SETTLED);
    assertThat(outcome(accepted).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
  }

  @Test
  void a_lost_answer_is_settled_by_times_where_they_are_told() {
    stub.withFailures(1);
    FailedDelivery delivery = only(failures(DeliveryQuery.all()));
    RetryResult unknown = RetryResult.unknown(delivery, "lost", StubVoiso.NOW);

    stub.time.advance(SETTLED);
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.NOT_SENT);
    stub.row("0001").failAgain();
    assertThat(outcome(unknown).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void a_failure_older_than_the_list_reaches_stays_unknown() {
    stub.withFailures(1);
    stub.row("0001").created = Instant.parse(OLDEST).plusSeconds(30);
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));
    stub.time.advance(Duration.ofHours(4));

    RetryOutcome outcome = outcome(result);

    assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
    assertThat(outcome.reason()).contains("31 days");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 60, 119})
  void a_failure_that_came_back_is_seen_though_it_could_not_be_listed_any_more(int minutes) {
    stub.withFailures(1).v1TellsTimes = false;
    stub.row("0001").created = Instant.parse(OLDEST).plusSeconds(30);
    stub.onRetrigger = StubVoiso.Row::failAgain;
    RetryResult result = client.retry(only(failures(DeliveryQuery.all())));
    stub.time.advance(Duration.ofMinutes(minutes));

    assertThat(failures(DeliveryQuery.all())).isEmpty();
    assertThat(outcome(result).status()).isEqualTo(RetryOutcome.Status.FAILED_AGAIN);
  }

  @Test
  void absence_is_no_evidence_once_the_failure_may_have_aged_out_of_the_list() {
    stub.withFailures(2).v1TellsTimes = false;
    List<RetryResult> results = client.retryAll(failures(DeliveryQuery.all()));
    stub.time.advance(Duration.ofMinutes(121));

    assertThat(client.outcomes(results))
        .allSatisfy(
            outcome -> {
              assertThat(outcome.status()).isEqualTo(RetryOutcome.Status.UNKNOWN);
              assertThat(outcome.reason()).contains("31 days");
            });
  }

  @Test
  void no_more_than_the_31_days_is_asked_for_however_old_a_result_is() {
    stub.withFailures(2).v1TellsTimes = false;
    List<FailedDelivery> failed = failures(DeliveryQuery.all());
    RetryResult old =
        RetryResult.accepted(failed.get(0), null, StubVoiso.NOW.minus(Duration.ofDays(3)));
    RetryResult fresh = RetryResult.accepted(failed.get(1), null, StubVoiso.NOW);
    stub.forget();

    client.outcomes(List.of(old));
    client.outcomes(List.of(old, fresh));

    assertThat(stub.requests())
        .containsExactly(
            FAILURES + "?start_date=2026-02-12T15:00:00Z&page=1&per_page=50",
            FAILURES + "?start_date=2026-02-12T17:00:00Z&page=1&per_page=50");
  }

  @Test
  void time_that_passes_during_the_reading_makes_no_evidence() {
    stub.withFailures(120);
    List<FailedDelivery> all = failures(DeliveryQuery.all());
    RetryResult lost = RetryResult.unknown(all.get(0), "lost", StubVoiso.NOW);
    RetryResult gone = client.retry(all.get(119));
    stub.beforeList = () -> stub.time.advance(SETTLED);

    assertThat(client.outcomes(List.of(lost, gone)))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.PENDING, RetryOutcome.Status.PENDING);
    assertThat(client.outcomes(List.of(lost, gone)))
        .extracting(RetryOutcome::status)
        .containsExactly(RetryOutcome.Status.NOT_SENT, RetryOutcome.Status.DELIVERED);
  }

  private List<FailedDelivery> failures(DeliveryQuery query) {
    return client.failures(query).toList();
  }

  private RetryOutcome outcome(RetryResult result) {
    return only(client.outcomes(List.of(result)));
  }

  private static FailedDelivery failed(String id) {
    return FailedDelivery.of(
        WebhookLog.builder(new DeliveryKey("voiso", "acc", id), DeliveryStatus.FAILED).build());
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }
}
