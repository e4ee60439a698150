@NullMarked
package dev.redrive.testkit;

import org.jspecify.annotations.NullMarked;
