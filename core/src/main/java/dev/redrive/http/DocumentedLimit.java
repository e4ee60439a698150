package dev.redrive.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A limit that a provider documents for a request of its Retrofit interface. Where the provider
 * answers 429 and does not say for how long, its window is waited for. Of several limits the one
 * that {@code X-RateLimit-Limit} names counts, and the longest window where none is named.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(DocumentedLimit.Several.class)
public @interface DocumentedLimit {
  /** How many calls the provider takes in one window. */
  int calls();

  /** The window's length. */
  int seconds();

  /** Several limits of one request. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface Several {
    /** The limits. */
    DocumentedLimit[] value();
  }
}
