/**
 * Continuous recovery on several machines: db-scheduler runs the rounds of a {@link
 * dev.redrive.recovery.CatchUp}, one task per account, each on one machine at a time.
 *
 * <pre>{@code
 * RetryLedger ledger = JdbcLedger.open(dataSource);   // PostgreSQL
 * CatchUp catchUp = CatchUp.of(Recovery.of(clients).ledger(ledger)).build();
 * CatchUpScheduler scheduler =
 *     CatchUpScheduler.builder(dataSource, catchUp).every(Duration.ofMinutes(5)).build();
 * scheduler.start();   // on every machine
 * scheduler.close();   // on shutdown: others go on within seconds
 * }</pre>
 *
 * <p>It decides when and where a round runs, and nothing else: what a round does, and that no two
 * processes send the same delivery, is up to {@code CatchUp} and the ledger.
 */
@NullMarked
package dev.redrive.dbscheduler;

import org.jspecify.annotations.NullMarked;
