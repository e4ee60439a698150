package dev.redrive.voiso;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import dev.redrive.http.Recorded;
import dev.redrive.http.Sent;
import dev.redrive.voiso.VoisoWire.FailureRow;
import dev.redrive.voiso.VoisoWire.RetriggeredV1;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/webhooks/v1}. It lists the inactive failures of the past 31 days, and retriggers a
 * single failure. It cannot read a single failure.
 */
final class GenerationV1 implements Generation {
  static final Duration RETENTION = Duration.ofDays(31);

  /** How far back the list goes. Voiso refuses a start that is too old by its own clock. */
  private static final Duration LISTED = RETENTION.minusHours(6);

  private final ProviderHttp http;
  private final VoisoV1Api api;
  private final VoisoMapper mapper;
  private final FailureListV1 failures;

  GenerationV1(ProviderHttp http) {
    this.http = http;
    this.api = http.create(VoisoV1Api.class);
    this.mapper = new VoisoMapper(http, "inactive");
    this.failures = new FailureListV1(api);
  }

  @Override
  public ProviderTraits traits() {
    return http.traits()
        .capabilities(Capability.UNIQUE_IDS)
        .pageSize(VoisoV1Api.PAGE_SIZE)
        .retention(RETENTION)
        .outcomeTime(http.settleTime(), http.settleTime())
        .listingDelay(VoisoClient.LONGEST_TRYING)
        .build();
  }

  @Override
  public VoisoMapper mapper() {
    return mapper;
  }

  @Override
  public List<Webhook> webhooks() {
    throw new UnsupportedCapabilityException(VoisoClient.DISPLAY_NAME, Capability.WEBHOOKS);
  }

  @Override
  public Iterator<Recorded<FailureRow>> failures(DeliveryQuery query, LeftOutRows leftOut) {
    return failures.walk(
        () -> start(query.since()), query.until(), FailureListV1.MOST_PASSES, leftOut);
  }

  private Instant start(@Nullable Instant since) {
    Instant oldest = http.now().minus(LISTED);
    return since == null || since.isBefore(oldest) ? oldest : since;
  }

  /** Returns the delivery unchanged, because v1 cannot read a single failure. */
  @Override
  public FailedDelivery lookUp(FailedDelivery delivery) {
    return delivery;
  }

  @Override
  public RetryResult retrigger(FailedDelivery delivery) {
    Sent<RetriggeredV1> sent =
        api.retriggerFailure(ProviderHttp.canonicalId(delivery.key().id())).once();
    if (sent instanceof Sent.Rejected<RetriggeredV1> rejected
        && FailureListV1.refusesKey(rejected.error().call().message())) {
      return keyRefused(delivery, rejected.error().call(), rejected.at());
    }
    return sent.toResult(delivery, answered -> result(delivery, answered));
  }

  private static RetryResult result(
      FailedDelivery delivery, Sent.Answered<RetriggeredV1> answered) {
    String status = answered.body().status();
    String error = answered.body().error();
    if (error == null) {
      return "success".equalsIgnoreCase(status)
          ? RetryResult.accepted(delivery, null, answered.at())
          : RetryResult.unknown(delivery, "the response does not say \"success\"", answered.at());
    }
    var call = FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "retrigger failure", error);
    if (FailureListV1.refusesKey(error)) {
      return keyRefused(delivery, call, answered.at());
    }
    var refused = new InvalidRequestException(call, null);
    return knowsNoFailure(error)
        ? RetryResult.rejected(delivery, refused.summary(), answered.at())
        : RetryResult.unknown(delivery, refused.summary(), answered.at());
  }

  private static RetryResult keyRefused(FailedDelivery delivery, FailedCall call, Instant at) {
    var error = new AuthenticationException(call, null);
    return RetryResult.notSent(delivery, error.summary(), at).because(error);
  }

  private static boolean knowsNoFailure(String error) {
    return error.toLowerCase(Locale.ROOT).contains("no failed webhook");
  }

  @Override
  public void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    new OutcomesV1(http, failures, mapper).outcomes(questions, reader);
  }
}
