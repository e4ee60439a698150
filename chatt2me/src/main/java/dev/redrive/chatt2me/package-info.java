/**
 * Client for the failed webhook deliveries of Chatt2.me.
 *
 * <pre>{@code
 * try (Chatt2meClient client = Chatt2meClient.builder().apiKey(key).build()) {
 *   List<FailedDelivery> failed = client.failures(DeliveryQuery.since(anHourAgo)).toList();
 *   List<RetryResult> results = client.retryAll(failed);
 *   client.awaitOutcomes(results, Duration.ofMinutes(15)).forEach(System.out::println);
 * }
 * }</pre>
 */
@NullMarked
package dev.redrive.chatt2me;

import org.jspecify.annotations.NullMarked;
