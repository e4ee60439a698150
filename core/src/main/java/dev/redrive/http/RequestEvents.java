package dev.redrive.http;

import dev.redrive.AuthenticationException;
import dev.redrive.MalformedResponseException;
import dev.redrive.NetworkException;
import dev.redrive.OperationInterruptedException;
import dev.redrive.PauseReason;
import dev.redrive.ProviderUnavailableException;
import dev.redrive.RateLimitedException;
import dev.redrive.RedriveException;
import dev.redrive.RequestListener;
import dev.redrive.RequestListener.Request;
import dev.redrive.RequestListener.Result;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener of a client. An exception that it throws is logged, and does not affect the
 * request.
 */
final class RequestEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RequestEvents.class);

  private final HttpSettings settings;
  private final RequestListener listener;
  private final BooleanSupplier isClosed;
  private final AtomicBoolean hasFailed = new AtomicBoolean();

  RequestEvents(HttpSettings settings, BooleanSupplier isClosed) {
    this.settings = settings;
    this.listener = settings.listener();
    this.isClosed = isClosed;
  }

  /** A request that has begun. */
  record Begun(Request request, long start) {}

  void operation(String operation) {
    Request request = request(operation);
    tell("onOperation", () -> listener.onOperation(request));
  }

  Begun begin(String operation) {
    Request request = request(operation);
    tell("onStart", () -> listener.onStart(request));
    return new Begun(request, settings.time().nanoTime());
  }

  /** {@code failure} is null if it succeeded. */
  void end(Begun begun, @Nullable RedriveException failure) {
    Duration took = Duration.ofNanos(settings.time().nanoTime() - begun.start());
    Result result = failure == null ? Result.SUCCESS : result(failure);
    tell("onEnd", () -> listener.onEnd(begun.request(), result, took));
  }

  void pause(String operation, Duration wait, RedriveException failure) {
    PauseReason reason =
        failure instanceof RateLimitedException
            ? PauseReason.RATE_LIMIT
            : PauseReason.FAILED_REQUESTS;
    tell("onPause", () -> listener.onPause(request(operation), wait, reason));
  }

  private Request request(String operation) {
    return new Request(settings.provider(), settings.account(), operation);
  }

  private Result result(RedriveException failure) {
    if (failure instanceof RateLimitedException) {
      return Result.RATE_LIMITED;
    }
    if (failure instanceof AuthenticationException) {
      return Result.UNAUTHORIZED;
    }
    if (failure instanceof ProviderUnavailableException) {
      return Result.UNAVAILABLE;
    }
    if (failure instanceof MalformedResponseException) {
      return Result.MALFORMED;
    }
    if (failure instanceof OperationInterruptedException) {
      return Result.CANCELLED;
    }
    if (failure instanceof NetworkException) {
      return isClosed.getAsBoolean() ? Result.CANCELLED : Result.NO_RESPONSE;
    }
    return Result.REJECTED;
  }

  /** Logs only the first failure, because a listener that fails once usually fails again. */
  private void tell(String method, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | LinkageError e) {
      if (hasFailed.compareAndSet(false, true)) {
        LOG.warn(
            "{}: the request listener failed in {}; requests go on",
            settings.displayName(),
            method,
            e);
      }
    }
  }
}
