package dev.redrive;

/** The calling thread was interrupted. Its interrupt flag is set. */
public final class OperationInterruptedException extends RedriveException {
  private static final long serialVersionUID = 1L;

  /** {@code operation} is what was interrupted, in words. */
  public OperationInterruptedException(String provider, String operation) {
    super(
        FailedCall.withoutAnswer(provider, operation, "interrupted"),
        "No further request was sent. " + REPEAT,
        false,
        null);
  }
}
