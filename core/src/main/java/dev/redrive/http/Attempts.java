package dev.redrive.http;

import dev.redrive.RedriveException;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import okhttp3.Headers;
import okhttp3.ResponseBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Converter;
import retrofit2.Response;

/** Makes single attempts of calls. Each attempt is sent at most once. */
final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private final HttpSettings settings;
  private final CallFailures failures;
  private final Permits permits;
  private final RequestEvents events;
  private final Interruption interruption;
  private final BooleanSupplier isClosed;

  /** Makes the failure of a call whose thread was interrupted. */
  interface Interruption {
    FailedAttempt of(String operation, boolean sent);
  }

  Attempts(
      HttpSettings settings,
      CallFailures failures,
      Permits permits,
      RequestEvents events,
      Interruption interruption,
      BooleanSupplier isClosed) {
    this.settings = settings;
    this.failures = failures;
    this.permits = permits;
    this.events = events;
    this.interruption = interruption;
    this.isClosed = isClosed;
  }

  /** A 2xx response whose body was read. */
  record Understood<T>(T body, Headers headers) {}

  /**
   * Makes one attempt. It runs on a thread of the dispatcher, because a thread that is blocked in a
   * socket does not notice interrupts.
   *
   * @param queued how long the call waited for its permit
   */
  <T> Understood<T> make(
      Call<ResponseBody> call,
      Converter<ResponseBody, T> json,
      String operation,
      Duration queued,
      Duration remaining)
      throws FailedAttempt {
    SendGuard guard = Objects.requireNonNull(call.request().tag(SendGuard.class));
    guard.hold(permits);
    long start = settings.time().nanoTime();
    takeKey(call, guard, operation);
    Duration left = remaining.minusNanos(settings.time().nanoTime() - start);
    if (left.compareTo(Duration.ZERO) <= 0) {
      guard.leave();
      throw failures.noAnswer(operation, "the deadline passed before it was sent", false);
    }
    RequestEvents.Begun begun = events.begin(operation);
    try {
      Understood<T> answer =
          exchange(call, json, guard, operation, queued, min(settings.requestTimeout(), left));
      events.end(begun, null);
      return answer;
    } catch (FailedAttempt e) {
      events.end(begun, e.error());
      throw e;
    }
  }

  private <T> Understood<T> exchange(
      Call<ResponseBody> call,
      Converter<ResponseBody, T> json,
      SendGuard guard,
      String operation,
      Duration queued,
      Duration timeout)
      throws FailedAttempt {
    long start = settings.time().nanoTime();
    var done = new CompletableFuture<Response<ResponseBody>>();
    try {
      call.enqueue(completing(done, guard));
      Response<ResponseBody> response =
          done.get(Math.max(1, timeout.toNanos()), TimeUnit.NANOSECONDS);
      LOG.debug(
          "{}: {} returned {} in {} ms, after waiting {} ms for a permit",
          settings.displayName(),
          operation,
          response.code(),
          (settings.time().nanoTime() - start) / 1_000_000,
          queued.toMillis());
      return answer(call, response, json, guard, operation);
    } catch (InterruptedException e) {
      boolean sent = revoke(call, guard);
      Thread.currentThread().interrupt();
      throw interruption.of(operation, sent);
    } catch (TimeoutException e) {
      boolean sent = revoke(call, guard);
      String before =
          queued.toSeconds() > 0 ? "; before it was sent, it " + permits.waited(queued) : "";
      throw failures.noAnswer(operation, "no response in time" + before, sent);
    } catch (ExecutionException e) {
      throw failures.unanswered(guard, e.getCause(), isClosed.getAsBoolean(), operation);
    }
  }

  private void takeKey(Call<?> call, SendGuard guard, String operation) throws FailedAttempt {
    try {
      CarriedKey.of(call).take(settings.key());
    } catch (RedriveException e) {
      guard.leave();
      throw failures.noToken(e);
    } catch (ApiKey.Unfit | RuntimeException e) {
      guard.leave();
      throw failures.noKey(operation, e);
    }
  }

  /**
   * Parses the response on the caller's thread, because OkHttp's threads are for requests in
   * flight.
   */
  private <T> Understood<T> answer(
      Call<ResponseBody> call,
      Response<ResponseBody> response,
      Converter<ResponseBody, T> json,
      SendGuard guard,
      String operation)
      throws FailedAttempt {
    if (!response.isSuccessful()) {
      throw failures.refused(call, response, operation);
    }
    try {
      ResponseBody body = response.body();
      T value = json.convert(body == null ? ResponseBody.create("", null) : body);
      if (value == null) {
        throw failures.empty(response, operation);
      }
      return new Understood<>(value, response.headers());
    } catch (IOException | RuntimeException e) {
      throw failures.unanswered(guard, e, isClosed.getAsBoolean(), operation);
    }
  }

  /** Cancels a call. Returns whether its request may have been sent; if not, it never will be. */
  private static boolean revoke(Call<?> call, SendGuard guard) {
    boolean left = !guard.take();
    call.cancel();
    guard.leave();
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

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
