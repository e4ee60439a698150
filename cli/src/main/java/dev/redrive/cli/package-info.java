/**
 * The {@code redrive} command.
 *
 * <pre>{@code
 * export REDRIVE_API_KEY=...
 * redrive failures --provider chatt2me --since 6h
 * redrive recover  --provider chatt2me --since 6h --dry-run
 * redrive recover  --provider chatt2me --since 6h --report outage.html
 * redrive history
 * }</pre>
 */
@NullMarked
package dev.redrive.cli;

import org.jspecify.annotations.NullMarked;
