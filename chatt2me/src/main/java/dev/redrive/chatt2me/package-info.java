@NullMarked
package dev.redrive.chatt2me;

import org.jspecify.annotations.NullMarked;
