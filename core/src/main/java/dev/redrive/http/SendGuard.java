package dev.redrive.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that a request is sent at most once. Each request carries a guard as a tag, and the
 * last network interceptor takes it just before the request is sent. A request whose guard was not
 * taken was certainly not sent. A request whose guard was taken cannot be sent again, even if
 * OkHttp or a caller's interceptor tries to. A request that lost its guard because an interceptor
 * built a new one is not sent at all.
 */
final class SendGuard {
  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicReference<@Nullable Permits> permit = new AtomicReference<>();
  private volatile @Nullable Response answer;

  /** Takes the right to send. Returns false if it was taken before. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  boolean isTaken() {
    return taken.get();
  }

  /** Holds a permit, which the caller has taken, until {@link #leave}. */
  void hold(Permits permits) {
    permit.set(permits);
  }

  /** Gives the permit back, unless it was given back before. */
  void leave() {
    Permits held = permit.getAndSet(null);
    if (held != null) {
      held.giveBack();
    }
  }

  /** Returns the response, whose body may be unreadable; null if there is none yet. */
  @Nullable Response answer() {
    return answer;
  }

  static Response enforce(Interceptor.Chain chain) throws IOException {
    SendGuard guard = chain.request().tag(SendGuard.class);
    if (guard == null) {
      throw new Stopped(
          "an interceptor of the okHttpClient builds a new request: derive it with newBuilder()");
    }
    if (!guard.take()) {
      throw new Stopped(
          "an interceptor of the okHttpClient sends the request a second time: leave retries to"
              + " Redrive");
    }
    return chain.proceed(chain.request());
  }

  static Response remember(Interceptor.Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    SendGuard guard = chain.request().tag(SendGuard.class);
    if (guard != null) {
      guard.answer = response;
    }
    return response;
  }

  /** The guard stopped the request. */
  static final class Stopped extends IOException {
    private static final long serialVersionUID = 1L;

    Stopped(String message) {
      super(message);
    }
  }
}
