package dev.redrive.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.DeliveryKey;
import dev.redrive.DeliveryStatus;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.FailureCause;
import dev.redrive.JsonText;
import dev.redrive.Listing;
import dev.redrive.NetworkException;
import dev.redrive.ProviderTraits;
import dev.redrive.RateLimit;
import dev.redrive.RateLimitedException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.baanx.BaanxClient;
import dev.redrive.baanx.BaanxEvent;
import dev.redrive.baanx.BaanxEventRetry;
import dev.redrive.chatt2me.Chatt2meClient;
import dev.redrive.chatt2me.Chatt2meWebhook;
import dev.redrive.onlyoffice.OnlyOfficeTrigger;
import dev.redrive.onlyoffice.OnlyOfficeWebhook;
import dev.redrive.recovery.Account;
import dev.redrive.recovery.DeliveryCounts;
import dev.redrive.recovery.Phase;
import dev.redrive.recovery.RecoveryPlan;
import dev.redrive.recovery.RecoveryProgress;
import dev.redrive.recovery.RecoveryReport;
import dev.redrive.recovery.SkipReason;
import dev.redrive.recovery.ledger.DeliveryState;
import dev.redrive.recovery.ledger.LedgerAdmin;
import dev.redrive.recovery.ledger.LedgerEntry;
import dev.redrive.recovery.ledger.LedgerRetry;
import dev.redrive.recovery.ledger.LedgerRun;
import dev.redrive.recovery.ledger.RetryLedger;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A user's own mapper writes the model as it is, without a module of ours. */
class JsonTest {
  private static final String SECRET = "s3cret";
  private static final ObjectMapper MAPPER = new ObjectMapper().findAndRegisterModules();
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final DeliveryKey KEY = new DeliveryKey("acme", "main", "7");
  private static final Account ACCOUNT = new Account("acme", "main");
  private static final FailedCall CALL = new FailedCall("Acme", "list", 503, "E1", "busy", "r1");

  private static final WebhookLog LOG =
      WebhookLog.builder(KEY, DeliveryStatus.FAILED)
          .webhook("w", "orders", "https://example.com/hook")
          .event("e", "order.created")
          .httpStatus(503)
          .createdAt(NOON)
          .json(JsonText.of("{\"signature\":\"" + SECRET + "\"}"))
          .build();

  private static final FailedDelivery FAILED = FailedDelivery.of(LOG);
  private static final RetryResult RESULT =
      RetryResult.unknown(FAILED, "lost", NOON)
          .because(new NetworkException(CALL, new ConnectException("refused")));
  private static final DeliveryCounts COUNTS =
      new DeliveryCounts(3, Map.of(SkipReason.UNDATED, 1L), 1, 1, 0, 0, 0, 0);
  private static final LedgerEntry ENTRY = LedgerEntry.found(1, ACCOUNT, FAILED);
  private static final LedgerRun RUN = new LedgerRun("run-1", List.of(ACCOUNT), NOON);

  private static final LedgerRetry RETRY =
      new LedgerRetry(
          "run-1",
          NOON,
          DeliveryState.FAILED_AGAIN,
          null,
          FailureCause.SERVER_ERROR,
          503,
          "log-2",
          NOON);

  private record Written(Object value, Set<String> names) {
    static Written of(Object value, String... names) {
      return new Written(value, Set.of(names));
    }

    @Override
    public String toString() {
      return value.getClass().getSimpleName();
    }
  }

  private static final List<Written> VALUES =
      List.of(
          Written.of(KEY, "provider", "account", "id"),
          Written.of(
              LOG,
              "key",
              "logId",
              "lineage",
              "webhookId",
              "webhookName",
              "endpoint",
              "eventId",
              "eventType",
              "status",
              "providerStatus",
              "httpStatus",
              "error",
              "responseBody",
              "attemptNumber",
              "createdAt",
              "attemptedAt",
              "nextRetryAt",
              "json"),
          Written.of(JsonText.NONE, "sizeInBytes"),
          Written.of(FAILED, "latest", "cause"),
          Written.of(
              RESULT,
              "delivery",
              "status",
              "newLogId",
              "reason",
              "error",
              "requestedAt",
              "startedAt",
              "attempt"),
          Written.of(RetryOutcome.of(RESULT, LOG), "result", "status", "log", "reason"),
          Written.of(
              new Webhook("w", "orders", null, true, 3L, Set.of("order.created")),
              "id",
              "name",
              "endpoint",
              "active",
              "errorCount",
              "eventTypes"),
          Written.of(
              ProviderTraits.builder("acme", "Acme").retention(Duration.ofDays(7)).build(),
              "provider",
              "displayName",
              "capabilities",
              "pageSize",
              "batchSize",
              "concurrentRetries",
              "visibleFailures",
              "retention",
              "settleTime",
              "leastOutcomeTime",
              "mostOutcomeTime",
              "listingDelay",
              "limits"),
          Written.of(
              new RateLimit(RateLimit.Scope.RETRY, 5, Duration.ofMinutes(15)),
              "scope",
              "requests",
              "window"),
          Written.of(CALL, "provider", "operation", "httpStatus", "code", "message", "requestId"),
          Written.of(Listing.LeftOut.NONE, "undated", "unreadable"),
          Written.of(ACCOUNT, "provider", "name", "identity"),
          Written.of(
              COUNTS,
              "found",
              "skipped",
              "delivered",
              "failedAgain",
              "pending",
              "rejected",
              "unknown",
              "notSent"),
          Written.of(
              new RecoveryReport(
                  "run-1",
                  NOON,
                  Duration.ofSeconds(9),
                  RecoveryReport.End.FINISHED,
                  COUNTS,
                  Map.of(ACCOUNT, new RecoveryReport.ForAccount(COUNTS, 2, 0)),
                  2,
                  0,
                  List.of(
                      new RecoveryReport.Problem(
                          ACCOUNT, "wait", new RateLimitedException(CALL, Duration.ofSeconds(5))))),
              "run",
              "startedAt",
              "elapsed",
              "end",
              "counts",
              "byAccount",
              "requests",
              "outOfSight",
              "problems"),
          Written.of(
              new RecoveryPlan(
                  List.of(
                      new RecoveryPlan.ForAccount(
                          ACCOUNT,
                          "Acme",
                          new RetryLedger.About("a file", 1, 1),
                          1,
                          0,
                          Map.of(SkipReason.UNDATED, 1L),
                          Map.of(FailureCause.GONE, 1L),
                          Map.of("https://example.com/hook", 1L),
                          Map.of("order.created", 1L),
                          NOON,
                          NOON,
                          0,
                          0,
                          new RecoveryPlan.Dispatch(1, 1, Duration.ofSeconds(1), "why"),
                          List.of())),
                  Duration.ofSeconds(1)),
              "accounts",
              "duration"),
          Written.of(
              new RecoveryProgress(Phase.SENDING, 3, 3, 2, 1, 1, 0, 0, 1.5, null),
              "phase",
              "found",
              "total",
              "sent",
              "done",
              "delivered",
              "failedAgain",
              "rejected",
              "perSecond",
              "timeLeft"),
          Written.of(
              ENTRY,
              "id",
              "account",
              "key",
              "first",
              "delivery",
              "state",
              "sends",
              "newLogId",
              "reason",
              "requestedAt",
              "lostAt",
              "settledAt",
              "underWay",
              "worthAsking"),
          Written.of(
              RUN, "id", "accounts", "startedAt", "endedAt", "end", "counts", "silence", "alive"),
          Written.of(
              RETRY,
              "run",
              "requestedAt",
              "state",
              "reason",
              "cause",
              "httpStatus",
              "newLogId",
              "settledAt"),
          Written.of(
              new LedgerAdmin.History(ENTRY, List.of(RUN), List.of(RETRY)),
              "entry",
              "runs",
              "retries"),
          Written.of(
              new Chatt2meWebhook("w", "orders", null, "Message", true, true, 3L, NOON),
              "id",
              "label",
              "endpoint",
              "eventType",
              "active",
              "isVerified",
              "numberOfErrors",
              "createdDate"),
          Written.of(
              new BaanxEvent("e", "b", "t", BaanxEvent.Status.FAILED, "failed", NOON, null),
              "id",
              "businessId",
              "type",
              "status",
              "providerStatus",
              "createdAt",
              "processedAt"),
          Written.of(
              new BaanxEventRetry("e", RetryResult.Status.ACCEPTED, 2, null, null),
              "eventId",
              "status",
              "webhookCount",
              "reason",
              "error"),
          Written.of(
              new OnlyOfficeWebhook(
                  "1", "orders", null, true, true, Set.of("*"), null, 503, "busy", NOON, null),
              "id",
              "name",
              "endpoint",
              "enabled",
              "sslVerified",
              "triggers",
              "targetId",
              "lastStatus",
              "lastFailure",
              "lastFailureAt",
              "lastSuccessAt"),
          Written.of(new OnlyOfficeTrigger("*", 0, null), "name", "bit", "available"));

  @ParameterizedTest
  @FieldSource("VALUES")
  void aModelType_isWrittenByItsNames(Written written) throws JsonProcessingException {
    String json = MAPPER.writeValueAsString(written.value());

    assertThat(names(MAPPER.readTree(json))).isEqualTo(written.names());
    assertThat(json).doesNotContain(SECRET);
  }

  @Test
  void clients_areWrittenWithoutTheirKeys() throws JsonProcessingException {
    try (var chatt2me = Chatt2meClient.builder().apiKey(SECRET).build();
        var baanx = BaanxClient.builder().apiKey(SECRET).clientKey(SECRET).build()) {
      assertThat(MAPPER.writeValueAsString(chatt2me.traits())).doesNotContain(SECRET);
      assertThat(MAPPER.writeValueAsString(baanx.traits())).doesNotContain(SECRET);
      assertThat(MAPPER.writeValueAsString(chatt2me.key("1"))).doesNotContain(SECRET);
    }
  }

  @Test
  void anError_isWrittenWithItsMessage() throws JsonProcessingException {
    JsonNode error = MAPPER.readTree(MAPPER.writeValueAsString(RESULT)).get("error");

    assertThat(error.get("message").asText()).startsWith("Acme: list failed with HTTP 503");
  }

  private static Set<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return Set.copyOf(names);
  }
}
