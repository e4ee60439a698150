@NullMarked
package dev.redrive.cli;

import org.jspecify.annotations.NullMarked;
