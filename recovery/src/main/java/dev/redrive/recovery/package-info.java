/**
 * The recovery engine: every missed event sent again once, whatever happens.
 *
 * <pre>{@code
 * try (RetryLedger ledger = JdbcLedger.open(Path.of("ledger.db"))) {
 *   Recovery recovery = Recovery.of(client).query(DeliveryQuery.since(anHourAgo)).ledger(ledger).build();
 *   System.out.println(recovery.plan());       // sends nothing
 *   RecoveryReport report = recovery.run();    // always adds up
 * }
 * }</pre>
 *
 * <p>A delivery's way, in the order in which it happens:
 *
 * <ol>
 *   <li>{@code Recovery.run()} makes a {@code RecoveryRun}, which begins a run in the {@link
 *       dev.redrive.recovery.ledger.RetryLedger}; a {@code Heartbeat} shows there that it lives.
 *       Each account has an {@code AccountRun}; accounts do not wait for each other but for the
 *       plan.
 *   <li>What runs that died had under way is taken up, and the {@code Verifier} reads what became
 *       of it: only then can new failures be told from logs of retries.
 *   <li>The {@code Collector} lists the failures and gives them to the run in the ledger, which
 *       knows what was recovered before; then what earlier runs left waiting. The {@code Tally}
 *       counts.
 *   <li>The plan is shown and approved.
 *   <li>The {@code Canary} has the {@code Sender} send the first few of each webhook and the {@code
 *       Verifier} read what became of them, and {@code Webhooks} stops those where none got
 *       through.
 *   <li>The {@code Sender} has {@code ClaimsAhead} claim the rest, oldest first, for several
 *       requests at once, and sends it as far as the {@code SendWindow}, the provider ({@code
 *       ProviderPace}), the {@code Receiver} and {@code Setbacks} let it. {@code RetryRequests}
 *       makes the requests and records the answers; what provider and receiver allow is kept in the
 *       ledger's {@link dev.redrive.recovery.ledger.Budgets}, for all runs. Beside it the {@code
 *       Verifier} waits until the {@code Agenda} says that there can be news; the {@code
 *       OutcomeReader} asks, records each part that is handed over, and the {@code Judge} stops a
 *       webhook whose latest outcomes are bad. Once a {@code Reading} is over, more may be sent.
 *   <li>What other runs have under way is seen through, and taken up where they died.
 *   <li>{@code RecoveryRun} reports what the ledger says of all that it was given.
 * </ol>
 *
 * <p>{@code Listeners} log what happens, and tell it. What all of them share is in {@code
 * RunControl} (does the run go on?) and {@code RunProgress} (how far is it?), which know none of
 * them.
 */
@NullMarked
package dev.redrive.recovery;

import org.jspecify.annotations.NullMarked;
