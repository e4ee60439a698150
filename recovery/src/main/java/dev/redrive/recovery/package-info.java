@NullMarked
package dev.redrive.recovery;

import org.jspecify.annotations.NullMarked;
