/** The options that commands share: connection, filters, ledger, output. */
@NullMarked
package dev.redrive.cli.options;

import org.jspecify.annotations.NullMarked;
