package dev.redrive.http;

import dev.redrive.TimeSource;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests a token when one is needed, and keeps it until most of its lifetime has passed or the
 * provider refuses it. Several threads that need one wait for the same request.
 */
final class RenewedToken implements Credentials {
  /** A fifth of the lifetime is left for the requests that carry it. */
  private static final int PARTS = 5;

  private final Supplier<Token> request;
  private final TimeSource time;
  private @Nullable Token token;
  private long requestedAt;

  RenewedToken(Supplier<Token> request, TimeSource time) {
    this.request = request;
    this.time = time;
  }

  @Override
  public synchronized String current() {
    long now = time.nanoTime();
    Token held = token;
    if (held == null || !isFresh(held, Duration.ofNanos(now - requestedAt))) {
      token = null;
      held = request.get();
      requestedAt = now;
      token = held;
    }
    return held.text();
  }

  private static boolean isFresh(Token token, Duration age) {
    return age.multipliedBy(PARTS).compareTo(token.lifetime().multipliedBy(PARTS - 1)) < 0;
  }

  @Override
  public synchronized void refused(String credential) {
    if (token != null && token.text().equals(credential)) {
      token = null;
    }
  }
}
