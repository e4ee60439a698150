/**
 * Fakes of the four providers, served over real HTTP, each with a receiver behind it that keeps an
 * account of every delivery.
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
 * <p>{@link dev.redrive.testkit.FakeProvider} is open to one more provider, in any package: it
 * brings the server, routes, faults, seeding, the endpoint and the accounts along. {@link
 * dev.redrive.testkit.WebhookRetryClientContract} is what its client is tested against.
 */
@NullMarked
package dev.redrive.testkit;

import org.jspecify.annotations.NullMarked;
