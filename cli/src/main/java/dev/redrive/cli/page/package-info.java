/** The HTML page of a run. */
@NullMarked
package dev.redrive.cli.page;

import org.jspecify.annotations.NullMarked;
