@NullMarked
package dev.redrive.voiso;

import org.jspecify.annotations.NullMarked;
