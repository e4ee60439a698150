package dev.redrive.voiso;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedDelivery;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Question;
import dev.redrive.http.Recorded;
import dev.redrive.http.Sent;
import dev.redrive.voiso.VoisoWire.FailureRow;
import dev.redrive.voiso.VoisoWire.Metadata;
import dev.redrive.voiso.VoisoWire.OneFailureV4;
import dev.redrive.voiso.VoisoWire.SubscriptionsV4;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code /api/v4/tasks}. It lists webhooks and failures, and reads or retriggers a failure. */
final class GenerationV4 implements Generation {
  private final ProviderHttp http;
  private final VoisoV4Api api;
  private final VoisoMapper mapper;
  private final FailureListV4 failures;

  GenerationV4(ProviderHttp http) {
    this.http = http;
    this.api = http.create(VoisoV4Api.class);
    this.mapper = new VoisoMapper(http, "none");
    this.failures = new FailureListV4(api, mapper);
  }

  @Override
  public ProviderTraits traits() {
    return http.traits()
        .capabilities(
            Capability.WEBHOOKS,
            Capability.WEBHOOK_FILTER,
            Capability.CAUSES,
            Capability.UNIQUE_IDS,
            Capability.FIND)
        .pageSize(VoisoV4Api.PAGE_SIZE)
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
    return http.pages(VoisoV4Api.PAGE_SIZE, Webhook::id, this::readWebhooks).toList();
  }

  private PageReader.Page<Webhook> readWebhooks(int offset, int limit) {
    SubscriptionsV4 page = api.listWebhooks(offset, limit).get();
    return new PageReader.Page<>(
        page.rows().stream().map(VoisoMapper::webhook).toList(), Metadata.totalOf(page.metadata()));
  }

  @Override
  public Iterator<Recorded<FailureRow>> failures(DeliveryQuery query, LeftOutRows leftOut) {
    return http.pages(
        VoisoV4Api.PAGE_SIZE,
        FailureRow::id,
        (offset, limit) -> failures.read(query.since(), query.until(), offset, limit),
        http.pagesAhead(query),
        leftOut);
  }

  @Override
  public @Nullable FailedDelivery lookUp(FailedDelivery delivery) {
    WebhookLog log = failures.readOne(ProviderHttp.canonicalId(delivery.key().id()));
    return log == null ? null : FailureReason.toFailedDelivery(log);
  }

  @Override
  public RetryResult retrigger(FailedDelivery delivery) {
    Sent<OneFailureV4> sent =
        api.retriggerFailure(ProviderHttp.canonicalId(delivery.key().id())).once();
    if (sent instanceof Sent.Rejected<OneFailureV4> rejected) {
      return RetryResult.rejected(delivery, refusal(rejected), sent.at()).because(rejected.error());
    }
    return sent.toResult(
        delivery,
        answered ->
            answered.body().failure() == null
                ? RetryResult.unknown(delivery, "the response contains no failure", answered.at())
                : RetryResult.accepted(delivery, null, answered.at()));
  }

  private static String refusal(Sent.Rejected<OneFailureV4> rejected) {
    Integer status = rejected.error().call().httpStatus();
    String summary = rejected.error().summary();
    return status != null && status == 409
        ? summary + ": it cannot be retriggered in its current state"
        : summary;
  }

  @Override
  public void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    new OutcomesV4(http, failures, mapper).outcomes(questions, reader);
  }
}
