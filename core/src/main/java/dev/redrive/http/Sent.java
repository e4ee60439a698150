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

  /** The provider answered 2xx. */
  record Answered<T>(T body, Instant at) implements Sent<T> {}

  /** The provider said no to what was asked (other 4xx). */
  record Rejected<T>(RedriveException error, Instant at) implements Sent<T> {}

  /** The provider certainly did no work: never reached, or refused unread (401, 403, 429). */
  record NotSent<T>(RedriveException error, Instant at) implements Sent<T> {}

  /** The provider may have done it. */
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
