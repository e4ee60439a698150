package dev.redrive.http;

import dev.redrive.FailedDelivery;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.function.Function;

/**
 * What is known about a {@link Send} after it ended.
 *
 * @param <T> the body of a 2xx response
 */
public sealed interface Sent<T> {
  /** Returns when the request ended, by the client's clock. */
  Instant at();

  /**
   * The provider returned 2xx.
   *
   * @param body the body of the response
   * @param at when the request ended
   */
  record Answered<T>(T body, Instant at) implements Sent<T> {}

  /**
   * The provider refused the request (other 4xx).
   *
   * @param error why
   * @param at when the request ended
   */
  record Rejected<T>(RedriveException error, Instant at) implements Sent<T> {}

  /**
   * The provider certainly did nothing: the request did not reach it, or was refused unprocessed
   * (401, 403, 429).
   *
   * @param error why
   * @param at when the request ended
   */
  record NotSent<T>(RedriveException error, Instant at) implements Sent<T> {}

  /**
   * The provider may have processed the request.
   *
   * @param error why it is not known
   * @param at when the request ended, or may have
   */
  record Unknown<T>(RedriveException error, Instant at) implements Sent<T> {}

  /**
   * Returns the result for one of the deliveries of this request.
   *
   * @param answered makes the result from a 2xx response
   */
  default RetryResult toResult(
      FailedDelivery delivery, Function<Answered<T>, RetryResult> answered) {
    if (this instanceof Answered<T> answer) {
      return answered.apply(answer);
    }
    if (this instanceof Rejected<T> rejected) {
      return RetryResult.rejected(delivery, rejected.error().summary(), at())
          .because(rejected.error());
    }
    if (this instanceof NotSent<T> notSent) {
      return RetryResult.notSent(delivery, notSent.error().summary(), at())
          .because(notSent.error());
    }
    RedriveException error = ((Unknown<T>) this).error();
    return RetryResult.unknown(delivery, error.summary(), at()).because(error);
  }
}
