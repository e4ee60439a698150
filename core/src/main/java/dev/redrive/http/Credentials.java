package dev.redrive.http;

/**
 * A key or token that changes while a client is open, such as one that expires. Called by many
 * threads at once.
 */
@FunctionalInterface
public interface Credentials {
  /**
   * What the next request carries, without a prefix such as {@code Bearer}. Asked before each
   * request, on the thread of the caller: keep what takes long to get.
   */
  String current();

  /**
   * The provider refused a request with 401. If {@link #current} gives another credential from then
   * on, the request is sent once more, with that.
   *
   * @param credential what the request carried; others may have been given since
   */
  default void refused(String credential) {}
}
