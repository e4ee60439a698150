package dev.redrive.testkit.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a contract's test class whose API is the same as that of another test class, and only the
 * server behaves differently. The tests of failed requests are not repeated.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface VariantOf {
  /** The test class that runs the whole contract. */
  Class<? extends ContractFixture> value();
}
