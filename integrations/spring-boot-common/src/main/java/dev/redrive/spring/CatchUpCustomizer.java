package dev.redrive.spring;

import dev.redrive.recovery.CatchUp;

/**
 * Changes the {@link CatchUp.Builder} of the catch-up in the background. Beans of this type are
 * called in their order, after the properties were applied.
 */
@FunctionalInterface
public interface CatchUpCustomizer {
  /** Changes the builder. */
  void customize(CatchUp.Builder catchUp);
}
