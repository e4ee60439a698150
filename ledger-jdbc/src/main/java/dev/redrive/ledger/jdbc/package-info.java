/**
 * The ledger of recoveries, kept in a SQLite file or in PostgreSQL.
 *
 * <pre>{@code
 * try (RetryLedger ledger = JdbcLedger.open(Path.of("redrive-ledger"));
 *     WebhookRetryClient client = Chatt2meClient.builder().apiKey(key).build()) {
 *   RecoveryReport report = Recovery.of(client).ledger(ledger).build().run();
 *   ledger.entries(report.run(), entry -> System.out.println(entry.key() + " " + entry.state()));
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive.ledger.jdbc;

import org.jspecify.annotations.NullMarked;
