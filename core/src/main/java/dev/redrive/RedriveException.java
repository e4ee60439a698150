package dev.redrive;

import org.jspecify.annotations.Nullable;

/**
 * The root of all that goes wrong with a provider. The message says what failed and what to do; it
 * holds no secret, signature or payload.
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
      "A read may be repeated; of a retry, ask outcomes first, since it may have been done.";

  private final FailedCall call;
  private final String advice;
  private final boolean retryable;

  RedriveException(FailedCall call, String advice, boolean retryable, @Nullable Throwable cause) {
    super(call.describe() + ". " + advice, cause);
    this.call = call;
    this.advice = advice;
    this.retryable = retryable;
  }

  /** What was asked and what came back. */
  public FailedCall call() {
    return call;
  }

  /** What went wrong, without the advice. */
  public String summary() {
    return call.describe();
  }

  /** What to do about it. */
  public String advice() {
    return advice;
  }

  /** Whether the same read may succeed later. Never a licence to send a retry request again. */
  public boolean retryable() {
    return retryable;
  }
}
