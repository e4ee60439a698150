package dev.redrive.testkit.contract;

import dev.redrive.AuthenticationException;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import dev.redrive.WebhookRetryClient;
import dev.redrive.testkit.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The faults that the contract injects into requests, and the expected results. */
@SuppressWarnings("ImmutableEnumChecker") // A Fault is immutable.
enum Trouble {
  STATUS_400(Fault.status(400), InvalidRequestException.class, RetryResult.Status.REJECTED),
  STATUS_401(Fault.status(401), AuthenticationException.class, RetryResult.Status.NOT_SENT),
  STATUS_403(Fault.status(403), AuthenticationException.class, RetryResult.Status.NOT_SENT),
  STATUS_404(Fault.status(404), NotFoundException.class, RetryResult.Status.REJECTED),
  STATUS_408(Fault.status(408), ProviderUnavailableException.class),
  STATUS_408_AFTER_THE_WORK(Fault.status(408).workDone(), ProviderUnavailableException.class),
  STATUS_409(Fault.status(409), InvalidRequestException.class, RetryResult.Status.REJECTED),
  STATUS_422(Fault.status(422), InvalidRequestException.class, RetryResult.Status.REJECTED),
  STATUS_429(
      Fault.status(429).retryAfter("1"), RateLimitedException.class, RetryResult.Status.NOT_SENT),
  STATUS_500(Fault.status(500), ProviderUnavailableException.class),
  STATUS_500_AFTER_THE_WORK(Fault.status(500).workDone(), ProviderUnavailableException.class),
  STATUS_502(Fault.status(502), ProviderUnavailableException.class),
  STATUS_503(Fault.status(503), ProviderUnavailableException.class),
  STATUS_503_RETRY_AFTER_0(Fault.status(503).retryAfter("0"), ProviderUnavailableException.class),
  STATUS_503_RETRY_AFTER_0_AFTER_THE_WORK(
      Fault.status(503).retryAfter("0").workDone(), ProviderUnavailableException.class),
  STATUS_504(Fault.status(504), ProviderUnavailableException.class),
  PROXY_PAGE(Fault.proxyPage(), ProviderUnavailableException.class),
  LOST_REQUEST(Fault.lostRequest(), NetworkException.class),
  LOST_ANSWER(Fault.lostAnswer(), NetworkException.class),
  CUT_OFF(Fault.cutOff(), NetworkException.class),
  STALL(Fault.stall(), NetworkException.class),
  TRUNCATED_JSON(Fault.truncatedJson(), MalformedResponseException.class),
  MALFORMED_JSON(Fault.malformedJson(), MalformedResponseException.class),
  HTML_PAGE(Fault.htmlPage(), MalformedResponseException.class),
  EMPTY_BODY(Fault.emptyBody(), MalformedResponseException.class),
  JSON_NULL(answer("null"), MalformedResponseException.class),
  JSON_NUMBER(answer("42"), MalformedResponseException.class),
  JSON_TEXT(answer("\"ok\""), MalformedResponseException.class),
  OTHER_OBJECT(answer("{\"ok\":true}"), MalformedResponseException.class),
  LIST_OF_NULLS(answer("[null,null]"), MalformedResponseException.class),
  OVERSIZED_BODY(Fault.oversizedBody(2_000_000), MalformedResponseException.class),
  REDIRECT_301(Fault.redirect(301, "/moved"), InvalidRequestException.class),
  REDIRECT_302(Fault.redirect(302, "/moved"), InvalidRequestException.class),
  REDIRECT_303(Fault.redirect(303, "/moved"), InvalidRequestException.class),
  REDIRECT_307(Fault.redirect(307, "/moved"), InvalidRequestException.class),
  REDIRECT_308(Fault.redirect(308, "/moved"), InvalidRequestException.class);

  /** The largest response that clients of the contract accept; larger than any that fakes send. */
  static final long LIMIT = 1_000_000;

  /** A 2xx whose body says as little as none. */
  private static final Set<Trouble> EMPTY_ANSWERS = EnumSet.of(EMPTY_BODY, OTHER_OBJECT);

  /** Of an answer without a body, these leave a whole one. */
  private static final Set<Trouble> HALVED_ANSWERS = EnumSet.of(CUT_OFF, TRUNCATED_JSON);

  final Fault fault;
  final Class<? extends RedriveException> error;
  private final RetryResult.Status result;

  Trouble(Fault fault, Class<? extends RedriveException> error) {
    this(fault, error, RetryResult.Status.UNKNOWN);
  }

  Trouble(Fault fault, Class<? extends RedriveException> error, RetryResult.Status result) {
    this.fault = fault;
    this.error = error;
    this.result = result;
  }

  private static Fault answer(String json) {
    return Fault.answer(200, "application/json", json);
  }

  /** What has to come of a retry. */
  RetryResult.Status result(ContractPart part) {
    boolean isWhole =
        EMPTY_ANSWERS.contains(this)
            || (HALVED_ANSWERS.contains(this) && !part.answersWithEmptyObject());
    return part.answersWithoutBody() && isWhole ? RetryResult.Status.ACCEPTED : result;
  }

  /** A client of the test's fake that gives up soon where the answer would never come. */
  WebhookRetryClient client(ContractPart part) {
    return this == STALL
        ? part.client(settings -> settings.requestTimeout(Duration.ofMillis(200)))
        : part.client();
  }

  /** Whether the same read may succeed when it is sent again. */
  boolean passes() {
    return error == ProviderUnavailableException.class
        || error == NetworkException.class
        || error == RateLimitedException.class;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
