package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.FailedCall;
import dev.redrive.MalformedResponseException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import okhttp3.Headers;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import retrofit2.Call;
import retrofit2.Converter;

/**
 * Runs calls under the rules for reads and for sends. A call first waits for one of the client's
 * permits, for as long as it takes. Its deadline starts when it has one: waiting behind the
 * client's own calls is not a failure of the network.
 */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
  private static final Duration MOST_BACKOFF = Duration.ofSeconds(10);

  private final HttpSettings settings;
  private final CallFailures failures;
  private final Retry reads;
  private final Retry sends;
  private final Permits permits;
  private final RequestEvents events;
  private final Attempts attempts;
  private volatile boolean closed;
  private volatile @Nullable ToldTime latest;

  Calls(HttpSettings settings) {
    this.settings = settings;
    this.failures = new CallFailures(settings);
    this.permits = new Permits(settings.concurrency(), settings.time());
    this.events = new RequestEvents(settings, this::isClosed);
    this.attempts =
        new Attempts(settings, failures, permits, events, this::interruption, this::isClosed);
    this.reads = retry("reads", attempt -> attempt.error().retryable());
    this.sends = retry("sends", attempt -> attempt.notDone() && attempt.error().retryable());
  }

  <T> Read<T> reading(Call<ResponseBody> call, Converter<ResponseBody, T> json) {
    return new Read<>() {
      @Override
      public T get() {
        return read(call, json).body();
      }

      @Override
      public Answer<T> answer() {
        var answer = read(call, json);
        Instant date = HttpDate.parse(answer.headers().get("Date"));
        return new Answer<>(
            answer.body(),
            date == null ? null : new ProviderClock(date, settings.time().now()),
            parameter ->
                NextLink.query(answer.headers(), parameter, () -> withoutCursor(parameter)));
      }
    };
  }

  private MalformedResponseException withoutCursor(String parameter) {
    return new MalformedResponseException(
        FailedCall.withoutAnswer(
            settings.displayName(),
            "list",
            "the URL of the next page has no parameter \"" + parameter + '"'),
        null);
  }

  private <T> Attempts.Understood<T> read(
      Call<ResponseBody> call, Converter<ResponseBody, T> json) {
    try {
      return execute(call, json, reads);
    } catch (FailedAttempt e) {
      boolean isTold = e.error() instanceof RateLimitedException;
      throw !isTold && e.error().retryable() && asksTooMuch(e.retryAfter())
          ? new RateLimitedException(e.error().call(), e.retryAfter())
          : e.error();
    }
  }

  <T> Sent<T> send(Call<ResponseBody> call, Converter<ResponseBody, T> json) {
    try {
      Attempts.Understood<T> answer = execute(call, json, sends);
      return new Sent.Answered<>(answer.body(), settings.time().now());
    } catch (FailedAttempt e) {
      var at = settings.time().now();
      RedriveException error = e.error();
      if (e.notDone() || error instanceof AuthenticationException) {
        return new Sent.NotSent<>(error, at);
      }
      Integer status = error.call().httpStatus();
      boolean understood = !(error instanceof MalformedResponseException);
      if (understood && status != null && status >= 400 && status < 500 && status != 408) {
        return new Sent.Rejected<>(error, at);
      }
      return new Sent.Unknown<>(error, at);
    }
  }

  /** Whether a request could start without waiting for a permit. */
  boolean isPermitFree() {
    return permits.isFree();
  }

  /** Sends no further requests, and ends all waits for a permit. */
  void close() {
    closed = true;
    permits.letAllThrough();
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns the exception for an interrupted thread. {@link #close} interrupts threads, too. */
  /** Tells the listener what the methods of a Retrofit interface request. */
  void announce(Class<?> api) {
    Stream.of(api.getMethods()).map(CallFailures::operation).distinct().forEach(events::operation);
  }

  RedriveException interruption(String operation) {
    return interruption(operation, false).error();
  }

  private FailedAttempt interruption(String operation, boolean sent) {
    return closed ? failures.closed(operation, sent) : failures.interrupted(operation, sent);
  }

  private Retry retry(String name, Predicate<FailedAttempt> again) {
    return Retry.of(
        settings.provider() + " " + name,
        RetryConfig.<Object>custom()
            .maxAttempts(settings.maxAttempts())
            .intervalBiFunction(Calls::backoffMillis)
            .retryOnException(
                e -> e instanceof FailedAttempt a && again.test(a) && !asksTooMuch(a.retryAfter()))
            .build());
  }

  /** Returns an exponential backoff with full jitter, but never less than the provider asks for. */
  private static long backoffMillis(int attempt, Either<Throwable, Object> failure) {
    long most =
        Math.min(MOST_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, 20));
    long wait = ThreadLocalRandom.current().nextLong(most + 1);
    Duration asked = ((FailedAttempt) failure.getLeft()).retryAfter();
    return asked == null ? wait : Math.max(wait, asked.toMillis() + wait / 10);
  }

  private boolean asksTooMuch(@Nullable Duration retryAfter) {
    return retryAfter != null && retryAfter.compareTo(settings.maxRetryAfter()) > 0;
  }

  /** Uses the asynchronous API of resilience4j: the synchronous one cannot sleep by our clock. */
  private <T> Attempts.Understood<T> execute(
      Call<ResponseBody> call, Converter<ResponseBody, T> json, Retry policy) throws FailedAttempt {
    String operation = failures.operation(call);
    requireOpen(operation);
    Retry.AsyncContext<Object> tries = policy.asyncContext();
    Duration queued = firstPermit(operation);
    long start = settings.time().nanoTime();
    boolean isRenewed = false;
    while (true) {
      Call<ResponseBody> one = call.clone();
      try {
        Attempts.Understood<T> answer =
            attempts.make(one, json, operation, queued, remaining(start));
        tries.onComplete();
        learnClock(answer.headers());
        return answer;
      } catch (FailedAttempt e) {
        if (!isRenewed && e.isKeyRefused() && CarriedKey.of(one).renew(settings.key())) {
          isRenewed = true;
          queued = nextPermit(remaining(start), operation, e);
          continue;
        }
        long wait = tries.onError(e);
        if (closed || wait < 0 || Duration.ofMillis(wait).compareTo(remaining(start)) >= 0) {
          throw e;
        }
        LOG.debug("{}; next attempt in {} ms", e.error().summary(), wait);
        events.pause(operation, Duration.ofMillis(wait), e.error());
        pause(Duration.ofMillis(wait), operation, e);
        queued = nextPermit(remaining(start), operation, e);
      }
    }
  }

  private void learnClock(Headers headers) {
    String date = headers.get("Date");
    if (date != null) {
      latest = new ToldTime(date, settings.time().now());
    }
  }

  /** Returns how far this clock was ahead at the latest response; null if none told the time. */
  @Nullable Duration clockSkew() {
    ToldTime told = latest;
    Instant date = told == null ? null : HttpDate.parse(told.date());
    return told == null || date == null ? null : Duration.between(date, told.at());
  }

  /** The time in a response's header, which is parsed when it is needed, and this clock's. */
  private record ToldTime(String date, Instant at) {}

  private Duration remaining(long start) {
    return settings.deadline().minusNanos(settings.time().nanoTime() - start);
  }

  private void requireOpen(String operation) throws FailedAttempt {
    if (closed) {
      throw failures.neverMade(operation, "the client is closed");
    }
  }

  /** Waits without a limit: the calls ahead of this one end within their own deadlines. */
  private Duration firstPermit(String operation) throws FailedAttempt {
    try {
      return requireOpen(permits.take(), operation);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interruption(operation, false);
    }
  }

  private Duration nextPermit(Duration most, String operation, FailedAttempt last)
      throws FailedAttempt {
    try {
      Duration queued = permits.take(most);
      if (queued == null) {
        last.error()
            .addSuppressed(
                failures
                    .noAnswer(
                        operation, "the deadline passed while it " + permits.waited(most), false)
                    .error());
        throw last;
      }
      return requireOpen(queued, operation);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interruptedAfter(last, operation);
    }
  }

  private Duration requireOpen(Duration queued, String operation) throws FailedAttempt {
    if (closed) {
      throw failures.closed(operation, false);
    }
    return queued;
  }

  private void pause(Duration wait, String operation, FailedAttempt last) throws FailedAttempt {
    try {
      settings.time().sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interruptedAfter(last, operation);
    }
  }

  private FailedAttempt interruptedAfter(FailedAttempt last, String operation) {
    FailedAttempt interrupted = interruption(operation, last.sent() && !last.notDone());
    interrupted.error().addSuppressed(last.error());
    return interrupted;
  }
}
