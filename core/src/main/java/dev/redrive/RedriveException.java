package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions that are caused by a provider or the network. The message says what
 * failed and what to do; it contains no secret, signature or payload.
 */
public abstract sealed class RedriveException extends RuntimeException
    permits AuthenticationException,
        InvalidRequestException,
        MalformedResponseException,
        NetworkException,
        NotFoundException,
        OperationInterruptedException,
        ProviderUnavailableException,
        RateLimitedException,
        UnsupportedCapabilityException {
  private static final long serialVersionUID = 1L;

  static final String REPEAT =
      "You may repeat a read. A retry may have gone through: read its outcome before you repeat it.";

  private final FailedCall call;
  private final String advice;
  private final boolean retryable;

  RedriveException(FailedCall call, String advice, boolean retryable, @Nullable Throwable cause) {
    super(call.describe() + ". " + advice, cause);
    this.call = call;
    this.advice = advice;
    this.retryable = retryable;
  }

  /** Returns what was requested and what came back. */
  public FailedCall call() {
    return call;
  }

  /** Returns what went wrong, without the advice. */
  public String summary() {
    return call.describe();
  }

  /** Returns what to do about it. */
  public String advice() {
    return advice;
  }

  /**
   * Whether the same read may succeed later. It never means that a retry request may be sent again.
   */
  public boolean retryable() {
    return retryable;
  }
}
