/** {@code redrive demo}: the obvious loop and Redrive at the same failures, against fakes. */
@NullMarked
package dev.redrive.demo;

import org.jspecify.annotations.NullMarked;
