package dev.redrive;

import java.time.Duration;
import java.util.Objects;

/**
 * Watches the requests of a client, for example to measure them. Its methods are called from the
 * client's and its callers' threads, several at once, and should return quickly. An exception from
 * them does not change what the client does: the first one of each client is logged.
 */
public interface RequestListener {
  /** Does nothing. */
  RequestListener NONE = new RequestListener() {};

  /**
   * Called while a client is created, for each operation that it may request. No request is made.
   *
   * @param request what a request of the operation will be told as
   */
  default void onOperation(Request request) {}

  /**
   * Called before a request is sent. One that is sent again counts as another request.
   *
   * @param request the request. {@link #onEnd} gets the same instance
   */
  default void onStart(Request request) {}

  /**
   * Called when a request has ended, on the same thread as {@link #onStart}, and before that thread
   * sends another one.
   *
   * @param request the request
   * @param result what became of it
   * @param duration how long it took
   */
  default void onEnd(Request request, Result result, Duration duration) {}

  /**
   * Called before the client waits and sends a request again. Not called if it fails instead, as it
   * does if it would have to wait for too long.
   *
   * @param request the request that failed
   * @param wait how long
   * @param reason {@link PauseReason#RATE_LIMIT} or {@link PauseReason#FAILED_REQUESTS}
   */
  default void onPause(Request request, Duration wait, PauseReason reason) {}

  /**
   * A request.
   *
   * @param provider the provider's id, such as {@code chatt2me}
   * @param account the account: {@link DeliveryKey#account()}
   * @param operation what is requested, in words, such as {@code list logs}. One of a few names for
   *     each provider; contains no id
   */
  record Request(String provider, String account, String operation) {
    public Request {
      Objects.requireNonNull(provider, "provider");
      Objects.requireNonNull(account, "account");
      Objects.requireNonNull(operation, "operation");
    }
  }

  /** What became of a request. None of these says what became of a delivery. */
  enum Result {
    /** The response was 2xx and could be read. */
    SUCCESS,
    /** The provider refused it because of its limits. */
    RATE_LIMITED,
    /** The provider refused the key, or what the key may do. */
    UNAUTHORIZED,
    /** The provider, or a proxy, refused it for another reason, such as an unknown id. */
    REJECTED,
    /** The provider failed: 408 or 5xx. */
    UNAVAILABLE,
    /** The response could not be understood. */
    MALFORMED,
    /** There was no response, or it broke off. */
    NO_RESPONSE,
    /** The caller was interrupted, or the client was closed. */
    CANCELLED
  }
}
