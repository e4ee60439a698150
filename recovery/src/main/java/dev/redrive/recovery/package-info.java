/**
 * The recovery engine: has every missed event sent again, exactly once.
 *
 * <pre>{@code
 * try (RetryLedger ledger = JdbcLedger.open(Path.of("ledger.db"))) {
 *   Recovery recovery = Recovery.of(client).query(DeliveryQuery.since(anHourAgo)).ledger(ledger).build();
 *   System.out.println(recovery.plan());       // sends nothing
 *   RecoveryReport report = recovery.run();    // always adds up
 * }
 * }</pre>
 *
 * <p>{@code CatchUp} runs a recovery again and again, without a gap between the periods that its
 * rounds look at.
 *
 * <p>The way of a delivery, in order:
 *
 * <ol>
 *   <li>{@code Recovery.run()} creates a {@code RecoveryRun}, which begins a run in the {@link
 *       dev.redrive.recovery.ledger.RetryLedger}, where a {@code Heartbeat} shows that it is alive.
 *       Each account has an {@code AccountRun}; accounts wait for each other only before the plan.
 *   <li>The run takes up what dead runs had in progress, and the {@code Verifier} reads the
 *       outcomes. Only then can new failures be distinguished from the logs of those retries.
 *   <li>The {@code Collector} lists the failures and gives them to the run in the ledger, which
 *       knows what was recovered before. It adds what earlier runs left queued. The {@code Tally}
 *       counts.
 *   <li>The plan is shown and approved.
 *   <li>The {@code Canary} has the {@code Sender} send the first few of each webhook and the {@code
 *       Verifier} read their outcomes, and {@code Webhooks} stops those where none was delivered.
 *   <li>The {@code Sender} has {@code ClaimsAhead} claim the rest, oldest first, for several
 *       requests at once, and sends it as far as the {@code SendWindow}, the provider ({@code
 *       ProviderPace}), the {@code Receiver} and {@code Setbacks} allow. {@code RetryRequests}
 *       makes the requests and records the results. The ledger's {@link
 *       dev.redrive.recovery.ledger.Budgets} keep the limits of provider and receiver for all runs.
 *       In parallel, the {@code Verifier} waits until the {@code Agenda} says that outcomes are
 *       due; the {@code OutcomeReader} reads them and records each part as it comes in, and the
 *       {@code Judge} stops a webhook whose latest outcomes are bad. After each {@code Reading},
 *       more may be sent.
 *   <li>The run waits for what other runs have in progress, and takes it up if they have died.
 *   <li>{@code RecoveryRun} makes the report from the states of its deliveries in the ledger.
 * </ol>
 *
 * <p>{@code Listeners} logs what happens and calls the listener. All classes share {@code
 * RunControl} (whether the run continues) and {@code RunProgress} (how far it is), which know none
 * of them.
 */
@NullMarked
package dev.redrive.recovery;

import org.jspecify.annotations.NullMarked;
