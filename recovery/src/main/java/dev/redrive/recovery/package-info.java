/**
 * The recovery engine: every missed event sent again once, whatever happens.
 *
 * <pre>{@code
 * try (RetryLedger ledger = JdbcLedger.open(Path.of("redrive.mv.db"))) {
 *   Recovery recovery = Recovery.of(client).query(DeliveryQuery.since(anHourAgo)).ledger(ledger).build();
 *   System.out.println(recovery.plan());       // sends nothing
 *   RecoveryReport report = recovery.run();    // always adds up
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive.recovery;

import org.jspecify.annotations.NullMarked;
