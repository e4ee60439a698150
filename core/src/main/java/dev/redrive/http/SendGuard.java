package dev.redrive.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Rides on each request as a tag. The last network interceptor takes it on the way to the wire: a
 * request whose guard was not taken certainly never left, and one whose guard is taken cannot leave
 * again, whatever OkHttp or a caller's interceptor would like to re-send. A request that lost its
 * guard, because an interceptor built it anew, does not leave at all.
 */
final class SendGuard {
  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicReference<@Nullable Permits> permit = new AtomicReference<>();
  private volatile @Nullable Response answer;

  /** Takes the right to send; false if it was taken before. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  boolean isTaken() {
    return taken.get();
  }

  /** Holds one of the permits for requests under way, already taken, until {@link #leave}. */
  void hold(Permits permits) {
    permit.set(permits);
  }

  /** Gives the permit back, unless that was done before. */
  void leave() {
    Permits held = permit.getAndSet(null);
    if (held != null) {
      held.giveBack();
    }
  }

  /** Status and headers of the answer, however its body fares; null while there is none. */
  @Nullable Response answer() {
    return answer;
  }

  static Response enforce(Interceptor.Chain chain) throws IOException {
    SendGuard guard = chain.request().tag(SendGuard.class);
    if (guard == null) {
      throw new Stopped(
          "an interceptor of the okHttpClient builds the request anew: let it use newBuilder()");
    }
    if (!guard.take()) {
      throw new Stopped(
          "an interceptor of the okHttpClient would send the request twice: leave that to Redrive");
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

  /** The request was not let out. */
  static final class Stopped extends IOException {
    private static final long serialVersionUID = 1L;

    Stopped(String message) {
      super(message);
    }
  }
}
