/**
 * The implementation of a recovery; not for callers. {@code RecoveryRun} is the entry point, and
 * {@link dev.redrive.recovery} describes the way of a delivery through the classes.
 */
@NullMarked
package dev.redrive.recovery.engine;

import org.jspecify.annotations.NullMarked;
