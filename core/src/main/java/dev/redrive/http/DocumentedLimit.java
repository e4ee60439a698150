package dev.redrive.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A limit that a provider documents for a request of its Retrofit interface. If the provider
 * returns 429 without saying how long to wait, the client waits for the limit's window. If there
 * are several limits, the one that the header {@code X-RateLimit-Limit} names applies, or else the
 * one with the longest window.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(DocumentedLimit.Several.class)
public @interface DocumentedLimit {
  /** How many calls are allowed in one window. */
  int calls();

  /** The length of the window in seconds. */
  int seconds();

  /** Several limits of one request. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Several {
    /** The limits. */
    DocumentedLimit[] value();
  }
}
