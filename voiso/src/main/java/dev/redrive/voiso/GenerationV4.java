package dev.redrive.voiso;

import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.Listing;
import dev.redrive.MalformedResponseException;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderTraits;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.PageReader.Page;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.http.Sent;
import dev.redrive.voiso.VoisoV4Api.Failures;
import dev.redrive.voiso.VoisoV4Api.Metadata;
import dev.redrive.voiso.VoisoV4Api.OneFailure;
import dev.redrive.voiso.VoisoV4Api.Subscription;
import dev.redrive.voiso.VoisoV4Api.Subscriptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /api/v4/tasks}. */
final class GenerationV4 implements Generation {
  private static final int PAGE_SIZE = 100;

  /** Below this, a page of the list is not tried: it may hold none of the failures looked for. */
  private static final int WORTH_A_PAGE = 8;

  /** v4 names no retention: the 31 days that v1 lists, less a day for clocks that differ. */
  private static final Duration KEPT_AT_LEAST = Duration.ofDays(30);

  private final ProviderHttp http;
  private final VoisoV4Api routes;
  private final VoisoListing rows;

  GenerationV4(ProviderHttp http) {
    this.http = http;
    this.routes = http.create(VoisoV4Api.class);
    this.rows = new VoisoListing(http, "none");
  }

  @Override
  public ProviderTraits traits() {
    return ProviderTraits.builder(VoisoClient.PROVIDER, VoisoClient.DISPLAY_NAME)
        .capabilities(
            Capability.WEBHOOKS,
            Capability.WEBHOOK_FILTER,
            Capability.CAUSES,
            Capability.UNIQUE_IDS)
        .pageSize(PAGE_SIZE)
        .batchSize(1)
        .concurrentRetries(http.concurrency())
        .settleTime(http.settleTime())
        .outcomeTime(http.settleTime(), http.settleTime())
        .build();
  }

  @Override
  public List<Webhook> webhooks() {
    return http.pages(PAGE_SIZE, Webhook::id, this::readWebhooks).stream().toList();
  }

  private Page<Webhook> readWebhooks(int offset, int limit) {
    Subscriptions page = routes.listWebhooks(offset, limit).get();
    if (page.webhooks() == null) {
      throw malformed("the answer holds no list of webhooks");
    }
    return new Page<>(
        page.webhooks().stream().map(GenerationV4::webhook).toList(),
        Metadata.totalOf(page.metadata()));
  }

  private static @Nullable Webhook webhook(@Nullable Subscription subscription) {
    if (subscription == null || subscription.id() == null) {
      return null;
    }
    Set<String> events =
        subscription.events() == null
            ? Set.of()
            : subscription.events().stream()
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    return new Webhook(
        subscription.id(), subscription.name(), subscription.url(), null, null, events);
  }

  private static MalformedResponseException malformed(String what) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "list webhooks", what), null);
  }

  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return LeftOutRows.listing(
        leftOut -> {
          Iterator<Recorded<Failure>> listed =
              http.pages(
                  PAGE_SIZE,
                  VoisoListing::id,
                  (offset, limit) -> readFailures(query.since(), query.until(), offset, limit),
                  http.pagesAhead(query),
                  leftOut);
          return rows.failures(listed, query, leftOut);
        });
  }

  private Page<Recorded<Failure>> readFailures(
      @Nullable Instant since, @Nullable Instant until, int offset, int limit) {
    Failures page =
        routes.listFailures(WholeSeconds.down(since), WholeSeconds.up(until), offset, limit).get();
    return new Page<>(VoisoListing.listed(page.failures()), Metadata.totalOf(page.metadata()));
  }

  @Override
  public RetryResult retrigger(FailedDelivery delivery) {
    Sent<OneFailure> sent =
        routes.retriggerFailure(ProviderHttp.canonicalId(delivery.key().id())).once();
    if (sent instanceof Sent.Rejected<OneFailure> rejected) {
      return RetryResult.rejected(delivery, refusal(rejected), sent.at()).because(rejected.error());
    }
    return sent.toResult(
        delivery,
        answered ->
            answered.body().failure() == null
                ? RetryResult.unknown(delivery, "the answer holds no failure", answered.at())
                : RetryResult.accepted(delivery, null, answered.at()));
  }

  private static String refusal(Sent.Rejected<OneFailure> rejected) {
    Integer status = rejected.error().call().httpStatus();
    String summary = rejected.error().summary();
    return status != null && status == 409
        ? summary + ": it cannot be retriggered in its current state"
        : summary;
  }

  @Override
  public void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    Map<String, List<Question>> open = Question.byId(questions);
    readListed(open, Period.of(questions), reader);
    http.<Map.Entry<String, List<Question>>, RetryOutcome>readEach(
        List.copyOf(open.entrySet()),
        (one, handOver) -> {
          WebhookLog log = readRecord(one.getKey());
          handOver.accept(
              one.getValue().stream()
                  .map(question -> log == null ? gone(question) : question.answer(log))
                  .toList());
        },
        reader);
  }

  /**
   * A retriggered failure leaves the list and comes back if it fails again (Voiso's documentation);
   * whether it can be read in the meantime is not said. So one that stays away was delivered, by
   * whoever retriggered it, unless it may just be too old to be kept.
   */
  private RetryOutcome gone(Question question) {
    if (!question.settled()) {
      return question.pending("not shown any more; it may still come back");
    }
    boolean retriggered = question.result().status() == RetryResult.Status.ACCEPTED;
    Instant created = question.result().delivery().latest().createdAt();
    return retriggered || (created != null && created.isAfter(http.now().minus(KEPT_AT_LEAST)))
        ? question.delivered()
        : question.unknown("its record is gone: retriggered, or too old for Voiso to keep");
  }

  /**
   * Pages of the list show a hundred records in a request: they are read as long as each spares
   * more than one read by id. Absence from them is no evidence, so that rows may move meanwhile.
   *
   * @param open loses the questions that are answered
   */
  private void readListed(
      Map<String, List<Question>> open, Period period, Consumer<List<RetryOutcome>> reader) {
    int offset = 0;
    boolean goOn = open.size() >= WORTH_A_PAGE;
    while (goOn) {
      Page<Recorded<Failure>> page =
          readFailures(period.since(), period.until(), offset, PAGE_SIZE);
      int before = open.size();
      var found = new ArrayList<RetryOutcome>();
      for (Recorded<Failure> row : page.rows()) {
        String id = row == null ? null : VoisoListing.id(row);
        List<Question> ofRow = id == null ? null : open.remove(ProviderHttp.canonicalId(id));
        if (ofRow != null) {
          WebhookLog log = rows.log(row);
          ofRow.forEach(question -> found.add(question.answer(log)));
        }
      }
      if (!found.isEmpty()) {
        reader.accept(found);
      }
      offset += page.rows().size();
      goOn = offset != page.total() && before - open.size() > 1 && open.size() > 1;
    }
  }

  /**
   * A failure's record; null if it is gone. A 404 in the API's own words says so; any other may be
   * a proxy's.
   */
  private @Nullable WebhookLog readRecord(String id) {
    try {
      return rows.log(routes.getFailure(id).get().failure());
    } catch (NotFoundException e) {
      if (e.call().message() == null) {
        throw new MalformedResponseException(e.call(), e);
      }
      return null;
    }
  }

  /** When the failures were created, by Voiso's clock; null where it does not tell. */
  private record Period(@Nullable Instant since, @Nullable Instant until) {
    static Period of(List<Question> questions) {
      Instant since = null;
      Instant last = null;
      for (Question question : questions) {
        Instant created = question.result().delivery().latest().createdAt();
        if (created == null) {
          return new Period(null, null);
        }
        since = since == null || created.isBefore(since) ? created : since;
        last = last == null || created.isAfter(last) ? created : last;
      }
      return new Period(since, last == null ? null : last.plusSeconds(1));
    }
  }
}
