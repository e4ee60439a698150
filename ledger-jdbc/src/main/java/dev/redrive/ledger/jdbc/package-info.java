@NullMarked
package dev.redrive.ledger.jdbc;

import org.jspecify.annotations.NullMarked;
