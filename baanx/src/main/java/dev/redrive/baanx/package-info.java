@NullMarked
package dev.redrive.baanx;

import org.jspecify.annotations.NullMarked;
