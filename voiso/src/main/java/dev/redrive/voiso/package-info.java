/**
 * Client for the failed webhook deliveries of Voiso, in both versions of its API.
 *
 * <pre>{@code
 * try (var client = VoisoClient.builder().baseUrl("https://cluster1.voiso.com").apiKey(key).build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.since(anHourAgo)).toList();
 *   List<RetryResult> results = client.retryAll(failed);
 *   client.outcomes(results).forEach(System.out::println);
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive.voiso;

import org.jspecify.annotations.NullMarked;
