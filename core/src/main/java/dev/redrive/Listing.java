package dev.redrive;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A lazy listing: every iteration asks the provider anew, page by page as the caller goes on, in
 * memory that does not grow with the rows held. Not a snapshot: rows that the provider adds while
 * pages are read may or may not come; none comes twice, and rows that move are not skipped.
 *
 * <p>Iterating throws {@link RedriveException} when the provider cannot be read.
 *
 * @param <T> what is listed
 */
@FunctionalInterface
public interface Listing<T> extends Iterable<T> {
  /** The listing as a sequential stream. */
  default Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }
}
