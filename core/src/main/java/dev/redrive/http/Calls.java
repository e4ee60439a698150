package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.FailedCall;
import dev.redrive.InvalidRequestException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.NotFoundException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.Secret;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import okhttp3.Headers;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Invocation;
import retrofit2.Response;

/** Runs calls under the rules for reads and for sends, and turns failures into exceptions. */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
  private static final Duration MOST_BACKOFF = Duration.ofSeconds(10);
  private static final int SHORTEST_SECRET = 6;
  private static final String CLOSED = "the client was closed";

  private final HttpSettings settings;
  private final Retry reads;
  private final Retry sends;
  private final Semaphore places;
  private volatile boolean closed;

  Calls(HttpSettings settings) {
    this.settings = settings;
    this.places = new Semaphore(settings.concurrency(), true);
    this.reads = retry("reads", attempt -> attempt.error().retryable());
    this.sends = retry("sends", attempt -> attempt.surelyUndone() && attempt.error().retryable());
  }

  <T> Read<T> reading(Call<T> call) {
    return new Read<>() {
      @Override
      public T get() {
        return Objects.requireNonNull(read(call).body());
      }

      @Override
      public Answer<T> answer() {
        Response<T> response = read(call);
        Instant date = RetryAfter.httpDate(response.headers().get("Date"));
        return new Answer<>(
            Objects.requireNonNull(response.body()),
            date == null ? null : new ProviderClock(date, settings.time().now()));
      }
    };
  }

  private <T> Response<T> read(Call<T> call) {
    try {
      return execute(call, reads);
    } catch (FailedAttempt e) {
      throw e.error().retryable() && asksTooMuch(e.retryAfter())
          ? new RateLimitedException(e.error().call(), e.retryAfter())
          : e.error();
    }
  }

  <T> Sent<T> send(Call<T> call) {
    try {
      Response<T> response = execute(call, sends);
      return new Sent.Answered<>(Objects.requireNonNull(response.body()), settings.time().now());
    } catch (FailedAttempt e) {
      var at = settings.time().now();
      RedriveException error = e.error();
      if (e.surelyUndone() || error instanceof AuthenticationException) {
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

  /** Lets no further request out. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** Why a thread was interrupted: closing interrupts those that work for others. */
  RedriveException interruption(String operation) {
    return closed
        ? new NetworkException(withoutAnswer(operation, CLOSED), null)
        : new OperationInterruptedException(settings.displayName(), operation);
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

  /** Exponential with full jitter, and never less than what the provider asks for. */
  private static long backoffMillis(int attempt, Either<Throwable, Object> failure) {
    long most =
        Math.min(MOST_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(attempt - 1, 20));
    long wait = ThreadLocalRandom.current().nextLong(most + 1);
    Duration asked = ((FailedAttempt) failure.getLeft()).retryAfter();
    return asked == null ? wait : asked.toMillis() + wait / 10;
  }

  private boolean asksTooMuch(@Nullable Duration retryAfter) {
    return retryAfter != null && retryAfter.compareTo(settings.maxRetryAfter()) > 0;
  }

  /** Sleeps by our own clock, which the synchronous form of resilience4j has no way to take. */
  private <T> Response<T> execute(Call<T> call, Retry policy) throws FailedAttempt {
    Retry.AsyncContext<Object> tries = policy.asyncContext();
    long start = settings.time().nanoTime();
    while (true) {
      try {
        Response<T> response = attempt(call.clone(), remaining(start));
        tries.onComplete();
        return response;
      } catch (FailedAttempt e) {
        long wait = tries.onError(e);
        if (closed || wait < 0 || Duration.ofMillis(wait).compareTo(remaining(start)) >= 0) {
          throw e;
        }
        LOG.debug("{}; next try in {} ms", e.error().summary(), wait);
        pause(Duration.ofMillis(wait), operation(call), e);
      }
    }
  }

  private Duration remaining(long start) {
    return settings.deadline().minusNanos(settings.time().nanoTime() - start);
  }

  private void pause(Duration wait, String operation, FailedAttempt last) throws FailedAttempt {
    try {
      settings.time().sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      RedriveException interrupted = interruption(operation);
      interrupted.addSuppressed(last.error());
      throw new FailedAttempt(interrupted, last.sent() && !last.surelyUndone(), null);
    }
  }

  /**
   * One try on a thread of our own, since a thread blocked in a socket does not feel interrupts.
   */
  private <T> Response<T> attempt(Call<T> call, Duration remaining) throws FailedAttempt {
    String operation = operation(call);
    if (closed) {
      throw neverMade(operation, "the client is closed");
    }
    SendGuard guard = Objects.requireNonNull(call.request().tag(SendGuard.class));
    Duration timeout = min(settings.requestTimeout(), remaining);
    var done = new CompletableFuture<Response<T>>();
    long start = settings.time().nanoTime();
    try {
      if (!places.tryAcquire(Math.max(0, remaining.toNanos()), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      guard.hold(places);
      call.enqueue(completing(done, guard));
      Response<T> response = done.get(Math.max(1, timeout.toNanos()), TimeUnit.NANOSECONDS);
      LOG.debug(
          "{}: {} answered {} in {} ms",
          settings.displayName(),
          operation,
          response.code(),
          (settings.time().nanoTime() - start) / 1_000_000);
      requireBody(response, operation);
      return response;
    } catch (InterruptedException e) {
      boolean sent = revoke(call, guard);
      Thread.currentThread().interrupt();
      throw new FailedAttempt(interruption(operation), sent, null);
    } catch (TimeoutException e) {
      boolean sent = revoke(call, guard);
      throw new FailedAttempt(
          new NetworkException(withoutAnswer(operation, "no answer in time"), null), sent, null);
    } catch (ExecutionException e) {
      throw unanswered(guard, e.getCause(), operation);
    }
  }

  /** Stops a call, for good if it has not left yet; whether it may have left. */
  private static boolean revoke(Call<?> call, SendGuard guard) {
    boolean left = !guard.take();
    call.cancel();
    return left;
  }

  private static <T> Callback<T> completing(CompletableFuture<Response<T>> done, SendGuard guard) {
    return new Callback<>() {
      @Override
      public void onResponse(Call<T> call, Response<T> response) {
        guard.leave();
        done.complete(response);
      }

      @Override
      public void onFailure(Call<T> call, Throwable failure) {
        guard.leave();
        done.completeExceptionally(failure);
      }
    };
  }

  private void requireBody(Response<?> response, String operation) throws FailedAttempt {
    if (!response.isSuccessful()) {
      ErrorBody error = errorBody(response.errorBody());
      Duration retryAfter = RetryAfter.of(response.headers(), settings.time().now());
      FailedCall call =
          failed(
              response.code(),
              response.headers(),
              error == null ? null : error.errorCode(),
              error == null ? null : error.errorMessage(),
              operation);
      throw new FailedAttempt(refusal(response.code(), call, retryAfter), true, retryAfter);
    }
    if (response.body() == null) {
      throw new FailedAttempt(
          new MalformedResponseException(
              failed(response.code(), response.headers(), null, "the answer is empty", operation),
              null),
          true,
          null);
    }
  }

  /** What became of a call whose answer is missing, or is not one of the API. */
  private FailedAttempt unanswered(SendGuard guard, @Nullable Throwable failure, String operation) {
    if (failure instanceof SendGuard.Stopped) {
      return new FailedAttempt(
          new InvalidRequestException(withoutAnswer(operation, failure.getMessage()), null),
          guard.isTaken(),
          null);
    }
    String flaw = flaw(failure);
    if (flaw == null) {
      return new FailedAttempt(network(failure, operation), guard.isTaken(), null);
    }
    okhttp3.Response answer = guard.answer();
    FailedCall call =
        answer == null
            ? withoutAnswer(operation, flaw)
            : failed(answer.code(), answer.headers(), null, flaw, operation);
    return new FailedAttempt(new MalformedResponseException(call, null), guard.isTaken(), null);
  }

  /** What is wrong with an answer; null if there is none, or not all of it. */
  private static @Nullable String flaw(@Nullable Throwable failure) {
    if (!(failure instanceof IOException)) {
      return "the answer could not be understood";
    }
    return failure instanceof ResponseLimit.TooLarge || failure instanceof JsonConverters.Unreadable
        ? failure.getMessage()
        : null;
  }

  private static RedriveException refusal(
      int status, FailedCall call, @Nullable Duration retryAfter) {
    return switch (status) {
      case 401, 403 -> new AuthenticationException(call, null);
      case 404 -> new NotFoundException(call, null);
      case 408 -> new ProviderUnavailableException(call, null);
      case 429 -> new RateLimitedException(call, retryAfter);
      default ->
          status >= 500
              ? new ProviderUnavailableException(call, null)
              : new InvalidRequestException(call, null);
    };
  }

  private @Nullable ErrorBody errorBody(@Nullable ResponseBody body) {
    if (body == null) {
      return null;
    }
    try (body) {
      return JsonConverters.readError(body.bytes(), settings.errors());
    } catch (IOException e) {
      return null;
    }
  }

  private FailedCall failed(
      int status,
      Headers headers,
      @Nullable String code,
      @Nullable String message,
      String operation) {
    String requestId = headers.get("x-request-id");
    if (requestId == null) {
      requestId = headers.get("x-correlation-id");
    }
    return new FailedCall(
        settings.displayName(),
        operation,
        status,
        withoutSecrets(code),
        withoutSecrets(message),
        withoutSecrets(requestId));
  }

  /** Some APIs quote the key that they refuse. */
  private @Nullable String withoutSecrets(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String clean = text;
    for (Secret header : settings.headers().values()) {
      String value = header.reveal();
      String key = value.substring(value.lastIndexOf(' ') + 1);
      if (key.length() >= SHORTEST_SECRET) {
        clean = clean.replace(key, header.toString());
      }
    }
    return clean;
  }

  /** Messages are our own words: those of exceptions may quote what was on the wire. */
  private RedriveException network(@Nullable Throwable failure, String operation) {
    String what;
    if (closed) {
      what = CLOSED;
    } else if (failure instanceof UnknownHostException) {
      what = "the host name " + settings.baseUrl().host() + " is not known";
    } else if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      what = "no connection to " + server();
    } else if (failure instanceof SSLException) {
      what = "TLS failed with " + server();
    } else if (failure instanceof InterruptedIOException) {
      what = "no answer in time";
    } else {
      what = "the connection broke";
    }
    // A protocol failure quotes what was on the wire.
    Throwable cause = failure instanceof ProtocolException ? null : failure;
    return new NetworkException(withoutAnswer(operation, what), cause);
  }

  private String server() {
    return settings.baseUrl().host() + ":" + settings.baseUrl().port();
  }

  private FailedCall withoutAnswer(String operation, @Nullable String message) {
    return FailedCall.withoutAnswer(
        settings.displayName(), operation, message == null ? "no answer" : message);
  }

  private FailedAttempt neverMade(String operation, String why) {
    return new FailedAttempt(
        new InvalidRequestException(withoutAnswer(operation, why), null), false, null);
  }

  /** {@code listLogs} of the Retrofit interface reads {@code list logs}. */
  private String operation(Call<?> call) throws FailedAttempt {
    Invocation invocation;
    try {
      invocation = Objects.requireNonNull(call.request().tag(Invocation.class));
    } catch (IllegalArgumentException e) {
      throw neverMade("request", "an id in it fits into no URL");
    }
    return invocation.method().getName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
