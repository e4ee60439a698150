/**
 * What a ledger must do: the memory and the work queue of recoveries, which {@code
 * dev.redrive.ledger.jdbc} keeps in SQLite or PostgreSQL.
 */
@NullMarked
package dev.redrive.recovery.ledger;

import org.jspecify.annotations.NullMarked;
