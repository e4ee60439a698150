/**
 * The contract of a ledger, which is the memory and the work queue of recoveries. {@code
 * dev.redrive.ledger.jdbc} implements it on SQLite and PostgreSQL.
 */
@NullMarked
package dev.redrive.recovery.ledger;

import org.jspecify.annotations.NullMarked;
