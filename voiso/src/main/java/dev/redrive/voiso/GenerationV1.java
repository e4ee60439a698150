package dev.redrive.voiso;

import dev.redrive.AuthenticationException;
import dev.redrive.Capability;
import dev.redrive.DeliveryQuery;
import dev.redrive.FailedCall;
import dev.redrive.FailedDelivery;
import dev.redrive.InvalidRequestException;
import dev.redrive.Listing;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderTraits;
import dev.redrive.RedriveException;
import dev.redrive.RetryOutcome;
import dev.redrive.RetryResult;
import dev.redrive.UnsupportedCapabilityException;
import dev.redrive.Webhook;
import dev.redrive.WebhookLog;
import dev.redrive.http.LeftOutRows;
import dev.redrive.http.ProviderHttp;
import dev.redrive.http.Recorded;
import dev.redrive.http.Sent;
import dev.redrive.voiso.VoisoV1Api.Failures;
import dev.redrive.voiso.VoisoV1Api.Retriggered;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/webhooks/v1}. It lists inactive failures of the past 31 days and retriggers one; it
 * cannot read one. What became of a retrigger shows in the list alone: gone, or back.
 */
final class GenerationV1 implements Generation {
  private static final int PAGE_SIZE = 50;
  private static final Duration RETENTION = Duration.ofDays(31);

  /** Failures are listed from here on: Voiso refuses a start that is too old by its own clock. */
  private static final Duration LISTED = RETENTION.minusHours(6);

  /** How far back from a retrigger its failure is sought, which was listed an hour before it. */
  private static final Duration SOUGHT = RETENTION.minusHours(5);

  /** The furthest that is asked back: two hours after a retrigger, failures of its time age out. */
  private static final Duration REACH = RETENTION.minusHours(3);

  private static final int MOST_PASSES = 10;

  private final ProviderHttp http;
  private final VoisoV1Api routes;
  private final VoisoListing rows;

  GenerationV1(ProviderHttp http) {
    this.http = http;
    this.routes = http.create(VoisoV1Api.class);
    this.rows = new VoisoListing(http, "inactive");
  }

  @Override
  public ProviderTraits traits() {
    return ProviderTraits.builder(VoisoClient.PROVIDER, VoisoClient.DISPLAY_NAME)
        .capabilities(Capability.UNIQUE_IDS)
        .pageSize(PAGE_SIZE)
        .batchSize(1)
        .concurrentRetries(http.concurrency())
        .retention(RETENTION)
        .settleTime(http.settleTime())
        .outcomeTime(http.settleTime(), http.settleTime())
        .build();
  }

  @Override
  public List<Webhook> webhooks() {
    throw new UnsupportedCapabilityException(VoisoClient.DISPLAY_NAME, Capability.WEBHOOKS);
  }

  @Override
  public Listing<FailedDelivery> failures(DeliveryQuery query) {
    return LeftOutRows.listing(leftOut -> rows.failures(walk(query, leftOut), query, leftOut));
  }

  private NumberedPages<Recorded<Failure>> walk(DeliveryQuery query, LeftOutRows leftOut) {
    return new NumberedPages<>(
        PAGE_SIZE,
        VoisoListing::id,
        number -> readFailures(latest(query.since(), ago(LISTED)), query.until(), number),
        MOST_PASSES,
        leftOut);
  }

  private List<@Nullable Recorded<Failure>> readFailures(
      Instant start, @Nullable Instant until, int number) {
    if (until != null && !until.isAfter(start)) {
      return List.of();
    }
    Failures page = read(start, until, number);
    if (page.error() != null) {
      throw refusal(page.error());
    }
    return VoisoListing.listed(page.failures());
  }

  private Instant ago(Duration age) {
    return http.now().minus(age);
  }

  private static Instant latest(@Nullable Instant one, Instant other) {
    return one == null || one.isBefore(other) ? other : one;
  }

  private Failures read(Instant start, @Nullable Instant until, int number) {
    try {
      return routes
          .listFailures(
              start.truncatedTo(ChronoUnit.SECONDS), WholeSeconds.up(until), number, PAGE_SIZE)
          .get();
    } catch (InvalidRequestException | NotFoundException e) {
      throw refusesKey(e.call().message()) ? new AuthenticationException(e.call(), e) : e;
    }
  }

  /** An error in a 2xx answer: v1 documents the texts of its errors, not their statuses. */
  private static RedriveException refusal(String error) {
    var call = FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "list failures", error);
    return refusesKey(error)
        ? new AuthenticationException(call, null)
        : new InvalidRequestException(call, null);
  }

  private static boolean refusesKey(@Nullable String error) {
    return error != null && error.toLowerCase(Locale.ROOT).contains("invalid api key");
  }

  private static boolean knowsNoFailure(String error) {
    return error.toLowerCase(Locale.ROOT).contains("no failed webhook");
  }

  @Override
  public RetryResult retrigger(FailedDelivery delivery) {
    Sent<Retriggered> sent =
        routes.retriggerFailure(ProviderHttp.canonicalId(delivery.key().id())).once();
    if (sent instanceof Sent.Rejected<Retriggered> rejected
        && refusesKey(rejected.error().call().message())) {
      return keyRefused(delivery, rejected.error().call(), rejected.at());
    }
    return sent.toResult(delivery, answered -> result(delivery, answered));
  }

  private static RetryResult result(FailedDelivery delivery, Sent.Answered<Retriggered> answered) {
    String status = answered.body().status();
    String error = answered.body().error();
    if (error == null) {
      return "success".equalsIgnoreCase(status)
          ? RetryResult.accepted(delivery, null, answered.at())
          : RetryResult.unknown(delivery, "the answer does not say \"success\"", answered.at());
    }
    var call = FailedCall.withoutAnswer(VoisoClient.DISPLAY_NAME, "retrigger failure", error);
    if (refusesKey(error)) {
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

  /** What is listed is told after each page; that the others are not shows at the end. */
  @Override
  public void outcomes(List<Question> questions, Consumer<List<RetryOutcome>> reader) {
    Map<String, List<Question>> open = Question.byId(questions);
    // Before any has settled, absence tells nothing: one pass is enough.
    int mostPasses = questions.stream().anyMatch(Question::settled) ? MOST_PASSES : 1;
    Instant start = start(questions);
    NumberedPages<Recorded<Failure>> walk =
        new NumberedPages<>(
            PAGE_SIZE,
            VoisoListing::id,
            number -> readFailures(start, null, number),
            mostPasses,
            new LeftOutRows());
    var found = new ArrayList<RetryOutcome>();
    while (!open.isEmpty() && walk.hasNext()) {
      WebhookLog log = rows.log(walk.next());
      List<Question> ofLog = open.remove(ProviderHttp.canonicalId(log.logId()));
      if (ofLog != null) {
        ofLog.forEach(question -> found.add(question.answer(log)));
      }
      if (!walk.isNextAtHand() && !found.isEmpty()) {
        reader.accept(List.copyOf(found));
        found.clear();
      }
    }
    open.values().stream()
        .flatMap(List::stream)
        .forEach(question -> found.add(unlisted(question, start, walk.isComplete())));
    if (!found.isEmpty()) {
      reader.accept(found);
    }
  }

  /** Where a list starts that shows every failure which may have been retriggered. */
  private Instant start(List<Question> questions) {
    Instant oldest = ago(REACH);
    return questions.stream()
        .map(GenerationV1::sought)
        .filter(sought -> !sought.isBefore(oldest))
        .min(Comparator.naturalOrder())
        .orElse(oldest);
  }

  private static Instant sought(Question question) {
    return question.result().requestedAt().minus(SOUGHT);
  }

  private static RetryOutcome unlisted(Question question, Instant start, boolean complete) {
    Instant created = question.result().delivery().latest().createdAt();
    // v1 may not tell when a failure was created: no earlier than what was listed then.
    Instant earliest = created == null ? sought(question) : created;
    if (earliest.isBefore(start)) {
      return question.unknown(
          "it may be older than the 31 days that API v1 lists: its absence tells nothing");
    }
    if (!question.settled()) {
      return question.pending("not listed as failed; it may still come back");
    }
    if (!complete) {
      return question.pending(
          "the list moved while it was read, or a row of it cannot be read; ask again");
    }
    return question.delivered();
  }
}
