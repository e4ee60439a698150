package dev.redrive.spring;

import dev.redrive.recovery.Recovery;

/**
 * Changes the {@link Recovery.Builder} that is injected and that the catch-up uses, for example to
 * ask the application's inbox. Beans of this type are called in their order, after the properties
 * were applied.
 */
@FunctionalInterface
public interface RecoveryCustomizer {
  /** Changes the builder. */
  void customize(Recovery.Builder recovery);
}
