/** The subcommands of {@code redrive}, and what they run. */
@NullMarked
package dev.redrive.cli.commands;

import org.jspecify.annotations.NullMarked;
