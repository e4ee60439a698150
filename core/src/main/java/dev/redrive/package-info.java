/**
 * The model, and the contract of all clients.
 *
 * <pre>{@code
 * try (WebhookRetryClient client = Chatt2meClient.builder().apiKey(key).build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.since(anHourAgo)).toList();
 *   List<RetryResult> results = client.retryAll(failed);
 *   client.outcomes(results).forEach(System.out::println);
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive;

import org.jspecify.annotations.NullMarked;
