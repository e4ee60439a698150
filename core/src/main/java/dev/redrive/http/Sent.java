package dev.redrive.http;

import dev.redrive.FailedDelivery;
import dev.redrive.RedriveException;
import dev.redrive.RetryResult;
import java.time.Instant;
import java.util.function.Function;

/**
 * What is known of a {@link Send} that went out, or did not.
 *
 * @param <T> the body of a 2xx answer
 */
public sealed interface Sent<T> {
  /** When the request ended, by the client's clock. */
  Instant at();

  /**
   * The provider answered 2xx.
   *
   * @param body the answer
   * @param at when the request ended
   */
  record Answered<T>(T body, Instant at) implements Sent<T> {}

  /**
   * The provider refused what was asked (other 4xx).
   *
   * @param error why
   * @param at when the request ended
   */
  record Rejected<T>(RedriveException error, Instant at) implements Sent<T> {}

  /**
   * The provider certainly did nothing: it was not reached, or refused unprocessed (401, 403, 429).
   *
   * @param error why
   * @param at when the request ended
   */
  record NotSent<T>(RedriveException error, Instant at) implements Sent<T> {}

  /**
   * The provider may have done it.
   *
   * @param error why it is not known
   * @param at when the request ended, or may have
   */
  record Unknown<T>(RedriveException error, Instant at) implements Sent<T> {}

  /** The result for one of the deliveries that this request named. */
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
