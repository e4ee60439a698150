/**
 * Fakes of the providers, served over real HTTP, each with a receiver that records every delivery.
 *
 * <pre>{@code
 * try (var chatt2me = FakeChatt2me.start()) {
 *   chatt2me.failures(1_000);
 *   chatt2me.faults().on(Operation.RETRY).inject(Fault.lostAnswer());
 *   recover(chatt2me.baseUrl(), chatt2me.apiKey());   // what you test
 *   assertThat(chatt2me.endpoint().deliveredMoreThanOnce()).isEmpty();
 *   assertThat(chatt2me.endpoint().neverDelivered()).isEmpty();
 * }
 * }</pre>
 *
 * <p>Extend {@link dev.redrive.testkit.FakeProvider} to fake another provider, in any package: it
 * has the server, routes, faults, seeding, the endpoint and the records. Test its client with
 * {@code dev.redrive.testkit.contract.WebhookRetryClientContract}; a fake alone does not need that
 * package.
 */
@NullMarked
package dev.redrive.testkit;

import org.jspecify.annotations.NullMarked;
