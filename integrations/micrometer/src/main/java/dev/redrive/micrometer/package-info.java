/**
 * Meters and observations of Redrive, by Micrometer. {@link dev.redrive.micrometer.RedriveMetrics}
 * is all there is to it.
 *
 * <pre>{@code
 * var metrics = RedriveMetrics.builder(registry).build();
 * WebhookRetryClient client =
 *     Chatt2meClient.builder().apiKey(key).requestListener(metrics.requestListener()).build();
 * metrics.watch(ledger, List.of(client));
 * Recovery.of(client).ledger(ledger).listener(metrics.recoveryListener()).build().run();
 * }</pre>
 */
@NullMarked
package dev.redrive.micrometer;

import org.jspecify.annotations.NullMarked;
