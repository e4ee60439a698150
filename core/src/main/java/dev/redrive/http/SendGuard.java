package dev.redrive.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Rides on each request as a tag. The last network interceptor takes it on the way to the wire: a
 * request whose guard was not taken surely never left, and one whose guard is taken cannot leave
 * again, whatever OkHttp or a caller's interceptor would like to re-send. A request that lost its
 * guard, because an interceptor built it anew, does not leave at all.
 */
final class SendGuard {
  private final AtomicBoolean taken = new AtomicBoolean();

  /** Takes the right to send; false if it was taken before. */
  boolean take() {
    return taken.compareAndSet(false, true);
  }

  boolean isTaken() {
    return taken.get();
  }

  static Response enforce(Interceptor.Chain chain) throws IOException {
    SendGuard guard = chain.request().tag(SendGuard.class);
    if (guard == null || !guard.take()) {
      throw new IOException("stopped: the request was revoked, or would have gone out twice");
    }
    return chain.proceed(chain.request());
  }
}
