/**
 * How a recovery is made; nothing here is for callers. {@code RecoveryRun} is the way in, and
 * {@link dev.redrive.recovery} tells a delivery's way through the classes.
 */
@NullMarked
package dev.redrive.recovery.engine;

import org.jspecify.annotations.NullMarked;
