package dev.redrive.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a contract's test class: the provider's API is that of another test class, and only its server
 * behaves differently. What the contract asks of requests that fail is not asked again.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface VariantOf {
  /** The test class that runs the whole contract. */
  Class<? extends WebhookRetryClientContract> value();
}
