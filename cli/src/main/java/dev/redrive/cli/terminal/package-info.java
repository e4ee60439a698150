/** The terminal: its width and colours, progress, questions, Ctrl-C. */
@NullMarked
package dev.redrive.cli.terminal;

import org.jspecify.annotations.NullMarked;
